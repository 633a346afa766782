package paseo.frames;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Source;

/**
 * Writes one session to its partition: pictures, a heartbeat a second, and no more of them ahead of the workers than
 * allowed.
 */
final class SessionWriter {
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long OUTAGE_NANOS = Duration.ofMinutes(10).toNanos();

    private final Session session;
    private final Source source;
    private final FileSource status;
    private final FramesPartition partition;
    private final int maxLag;
    private final Clock clock;
    private final StopSignal stop;
    private final ProducerMetrics metrics;
    private long lastNumber = -1;
    private long lastCaptureMicros;
    private long lastHeartbeat = System.nanoTime();

    SessionWriter(
            Session session,
            Source source,
            FileSource status,
            FramesPartition partition,
            int maxLag,
            Clock clock,
            StopSignal stop,
            ProducerMetrics metrics) {
        this.session = session;
        this.source = source;
        this.status = status;
        this.partition = partition;
        this.maxLag = maxLag;
        this.clock = clock;
        this.stop = stop;
        this.metrics = metrics;
    }

    /** Opens the session, or takes it up where the workers are. */
    void begin(Optional<SessionProgress> progress) {
        if (progress.isEmpty()) {
            heartbeat(Heartbeat.State.STARTED, "");
            return;
        }
        lastNumber = progress.get().lastNumber();
        lastCaptureMicros = progress.get().lastCaptureMicros();
        heartbeat(Heartbeat.State.LIVE, "");
    }

    void write(DecodedFrame frame, Image image) {
        lastNumber = frame.number();
        lastCaptureMicros = frame.captureTimeMicros();
        var published = metrics.published(session.camera());
        partition.send(new Frame(reference(), image), () -> {
            status.acknowledged();
            published.increment();
        });
    }

    /** Ends the session; returns when all of it is in Kafka. */
    void end(Heartbeat.State state, String detail) {
        heartbeat(state, detail);
        partition.flush();
    }

    void heartbeatWhenDue() {
        if (System.nanoTime() - lastHeartbeat >= HEARTBEAT_NANOS) {
            heartbeat(Heartbeat.State.LIVE, "");
        }
    }

    /**
     * Waits until the workers have room for one more frame, or until the stop signal.
     *
     * @throws FramesExpiredException if frames were lost for want of a worker
     */
    void awaitRoom() {
        if (partition.waiting() < maxLag) {
            return;
        }
        metrics.paused().record(this::pause);
    }

    private void pause() {
        long answered = System.nanoTime();
        long moved = System.nanoTime();
        long before = -1;
        while (!stop.raised()) {
            if (partition.measure()) {
                answered = System.nanoTime();
            } else if (System.nanoTime() - answered > OUTAGE_NANOS) {
                throw new KafkaException("Kafka has not answered for " + OUTAGE_NANOS / 60_000_000_000L
                        + " minutes; start it and run again, the session goes on where it stopped");
            }
            if (partition.expired()) {
                throw new FramesExpiredException(session.camera());
            }
            if (partition.waiting() < maxLag) {
                status.waitsFor(Optional.empty());
                return;
            }
            if (partition.taken() != before) {
                before = partition.taken();
                moved = System.nanoTime();
            }
            if (System.nanoTime() - moved > PATIENCE_NANOS) {
                status.waitsFor(Optional.of("waits for an inference worker: " + partition.waiting()
                        + " frames are ahead and none was taken for "
                        + Duration.ofNanos(System.nanoTime() - moved).toSeconds() + " s"));
            }
            heartbeatWhenDue();
            stop.pause(POLL);
        }
    }

    private void heartbeat(Heartbeat.State state, String detail) {
        partition.send(new Frame(reference(), new Heartbeat(state, source, detail)), () -> {});
        lastHeartbeat = System.nanoTime();
    }

    private FrameReference reference() {
        long ingest = Math.multiplyExact(clock.millis(), 1000L);
        return new FrameReference(session.camera(), session.epoch(), lastNumber, lastCaptureMicros, ingest);
    }
}
