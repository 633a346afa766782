package paseo.frames;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import paseo.events.CameraStatus;

/** What became of a camera's pictures: read = published + dropped + those on their way. Thread-safe. */
final class CameraCounts {
    private final MeterRegistry registry;
    private final String camera;
    private final Counter readMeter;
    private final Counter publishedMeter;
    private final LongAdder read = new LongAdder();
    private final LongAdder published = new LongAdder();
    private final Map<Drop, LongAdder> dropped = new ConcurrentHashMap<>();

    /** Why a picture is not sent; the workers count under other names. */
    enum Drop {
        /** More than the camera may send at the moment. */
        SAMPLED,
        /** Later pictures took all places while it waited to be coded. */
        OVERRUN,
        /** The workers are so far behind that it would be stale when its turn comes. */
        WORKERS_BEHIND,
        /** Waited here until it was too old. */
        WAITED,
        /** Shown already before the connection was made anew: a playlist still has its last part. */
        SHOWN_BEFORE,
        /** Of another size than those around it, as damaged streams have them. */
        ODD_SIZE,
        /** Cannot be made a JPEG, or an error came between. */
        NOT_CODED,
        /** Kafka did not take it in time. */
        KAFKA,
        /** On its way when the camera was given up, or its session ended. */
        STOPPED;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    CameraCounts(MeterRegistry registry, String camera) {
        this.registry = registry;
        this.camera = camera;
        readMeter = registry.counter("paseo.frames.read", "camera", camera);
        publishedMeter = registry.counter("paseo.frames.published", "camera", camera);
    }

    void read() {
        read.increment();
        readMeter.increment();
    }

    void published() {
        published.increment();
        publishedMeter.increment();
    }

    void dropped(Drop reason) {
        dropped.computeIfAbsent(reason, first -> new LongAdder()).increment();
        registry.counter("paseo.frames.dropped", "camera", camera, "reason", reason.tag())
                .increment();
    }

    /** With how the camera is at a moment. */
    CameraStatus status(CameraHealth.Now now) {
        // Read last: what is counted as read meanwhile is on its way.
        Map<String, Long> gone = framesDropped();
        long sent = published.sum();
        return new CameraStatus(
                now.state(), now.sinceMicros(), read.sum(), sent, gone, now.frameRate(), now.connections());
    }

    private Map<String, Long> framesDropped() {
        Map<String, Long> sums = new TreeMap<>();
        dropped.forEach((reason, count) -> sums.put(reason.tag(), count.sum()));
        return sums;
    }
}
