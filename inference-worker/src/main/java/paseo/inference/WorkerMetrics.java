package paseo.inference;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import paseo.events.DeadLetter;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Faces;
import paseo.events.Face;
import paseo.events.Topics;

/** What a worker counts. Every image of a camera is either processed or dropped, with the reason. */
final class WorkerMetrics implements Stage.Listener {
    /** A picture older than two seconds is never looked at. */
    private static final Duration[] AGES = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(1500),
        Duration.ofSeconds(2)
    };

    private static final Duration[] STEPS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500)
    };

    private final MeterRegistry registry;
    private final Counter detected;
    private final Counter usable;
    private final Timer age;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.detected = registry.counter("paseo.faces.detected");
        this.usable = registry.counter("paseo.faces.usable");
        this.age = Timer.builder("paseo.frames.age")
                .description("Age of a live picture when it is looked at")
                .serviceLevelObjectives(AGES)
                .register(registry);
        // From the start, so that the first one is seen as a change.
        for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
            deadLetters(reason);
        }
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    Timer.builder("paseo.stage.duration")
                            .description("One step of looking at a picture")
                            .tag("stage", stage.tag())
                            .serviceLevelObjectives(STEPS)
                            .register(registry));
        }
    }

    /** A record was set aside. */
    void setAside(DeadLetter.Reason reason) {
        deadLetters(reason).increment();
    }

    private Counter deadLetters(DeadLetter.Reason reason) {
        return Counter.builder("paseo.dead.letters")
                .description("Records set aside, by reason")
                .tags("topic", Topics.FRAMES.name(), "reason", reason.tag())
                .register(registry);
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
