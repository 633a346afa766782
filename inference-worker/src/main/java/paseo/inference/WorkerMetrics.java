package paseo.inference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Faces;
import paseo.events.Face;

/** What a worker counts. Every image of a camera is either processed or dropped, with the reason. */
final class WorkerMetrics implements Stage.Listener {
    private final MeterRegistry registry;
    private final Counter detected;
    private final Counter usable;
    private final Counter malformed;
    private final Timer age;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.detected = registry.counter("paseo.faces.detected");
        this.usable = registry.counter("paseo.faces.usable");
        this.age = registry.timer("paseo.frames.age");
        // Bytes that are no frame name no camera.
        this.malformed = registry.counter("paseo.frames.dropped", "camera", "unknown", "reason", "malformed");
        for (Stage stage : Stage.values()) {
            stages.put(stage, registry.timer("paseo.stage.duration", "stage", stage.tag()));
        }
    }

    /** A record that is not a frame was skipped. */
    void malformed() {
        malformed.increment();
    }

    /** A live picture is about to be looked at so long after it was taken. */
    void age(long micros) {
        age.record(Math.max(0, micros), TimeUnit.MICROSECONDS);
    }

    /** A record of {@code detections} is on its way. */
    void count(Detections detections) {
        String camera = detections.reference().camera();
        if (detections.content() instanceof Faces faces) {
            registry.counter("paseo.frames.processed", "camera", camera).increment();
            detected.increment(faces.faces().size());
            usable.increment(
                    (double) faces.faces().stream().filter(Face::usable).count());
        } else if (detections.content() instanceof Dropped dropped) {
            String reason = dropped.reason().name().toLowerCase(Locale.ROOT);
            registry.counter("paseo.frames.dropped", "camera", camera, "reason", reason)
                    .increment();
        }
    }

    @Override
    public void took(Stage stage, long nanos) {
        Timer timer = stages.get(stage);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
