package paseo.frames;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Source;
import paseo.events.Topics;

/**
 * Writes one session to its partition: pictures, a heartbeat a second, and no more of them ahead of the workers than
 * allowed.
 */
final class SessionWriter {
    private static final Logger log = LoggerFactory.getLogger(SessionWriter.class);
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(1).toNanos();
    /** May wait for the workers: far from what the partition keeps, where others' records may be between. */
    static final long MOST_BYTES = Topics.FRAMES.retentionBytesPerPartition() / 4;

    /** Asking costs three requests; so often it is done at least, and at most. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

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
    private boolean ended;

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
        send(new Frame(reference(), image));
    }

    /** @param support whether the unit is only there for others to be decoded, and no frame of its own */
    void write(UnitReader.Unit unit, boolean support) {
        Frame frame = new Frame(reference(unit.number(), unit.captureTimeMicros()), unit.accessUnit(support));
        // A heartbeat must not tell of frames that are still to come.
        if (unit.settled() > lastNumber) {
            lastNumber = unit.settled();
            lastCaptureMicros = unit.settledMicros();
        }
        if (support) {
            partition.send(frame, () -> {});
        } else {
            send(frame);
        }
    }

    private void send(Frame frame) {
        var published = metrics.published(session.camera());
        partition.send(frame, () -> {
            status.acknowledged();
            published.increment();
        });
    }

    /** Ends the session; returns when all of it is in Kafka. */
    void end(Heartbeat.State state, String detail) {
        heartbeat(state, detail);
        partition.flush();
        ended = true;
    }

    /** Whether the session has ended: what broke off for the moment only has not. */
    boolean ended() {
        return ended;
    }

    /**
     * Ends the session of a file that breaks off. One that may be sound has not failed: its disk did, or it was changed
     * meanwhile. What has failed is never read again, so that its session stays open for another run.
     */
    void breakOff(VideoException fault) {
        if (FfmpegErrors.ofTheMachine(fault.code()) || !asItWas()) {
            partition.flush();
            log.warn("{} may be sound all the same: another run goes on with it", session.camera());
        } else {
            end(Heartbeat.State.FAILED, fault.getMessage());
        }
    }

    private boolean asItWas() {
        try {
            return status.file()
                    .map(file -> Session.camera(file.path()))
                    .filter(session.camera()::equals)
                    .isPresent();
        } catch (VideoException e) {
            log.debug("not even its bytes can be read any more", e);
            return false;
        }
    }

    void heartbeatWhenDue() {
        if (System.nanoTime() - lastHeartbeat >= HEARTBEAT_NANOS) {
            heartbeat(Heartbeat.State.LIVE, "");
        }
    }

    /**
     * Waits, where the workers have no room for one more frame, until half of what may wait for them is taken, or until
     * the stop signal.
     *
     * @throws FramesExpiredException if frames were lost for want of a worker
     */
    void awaitRoom() {
        if (partition.waiting() < maxLag && partition.waitingBytes() < MOST_BYTES) {
            return;
        }
        metrics.paused().record(this::pause);
    }

    private void pause() {
        long answered = System.nanoTime();
        long moved = System.nanoTime();
        long before = partition.taken();
        int enough = maxLag - maxLag / 2;
        while (!stop.raised()) {
            if (partition.measure()) {
                answered = System.nanoTime();
            } else if (System.nanoTime() - answered > KafkaClients.OUTAGE.toNanos()) {
                throw new KafkaException("Kafka has not answered for " + KafkaClients.OUTAGE.toMinutes()
                        + " minutes; start it and run again, the session goes on where it stopped");
            }
            if (partition.expired()) {
                throw new FramesExpiredException(session.camera());
            }
            if (partition.waiting() < Math.max(1, enough) && partition.waitingBytes() <= MOST_BYTES / 2) {
                status.waitsFor(Optional.empty());
                return;
            }
            long took = partition.taken() - before;
            long since = System.nanoTime() - moved;
            if (took > 0) {
                before = partition.taken();
                moved = System.nanoTime();
            }
            if (System.nanoTime() - moved > PATIENCE_NANOS) {
                status.waitsFor(Optional.of("waits for an inference worker: " + partition.waiting()
                        + " frames are ahead and none was taken for "
                        + Duration.ofNanos(System.nanoTime() - moved).toSeconds() + " s"));
            }
            heartbeatWhenDue();
            stop.pause(wait(partition.waiting() - enough, took, since));
        }
    }

    /** How long the workers need for some frames, at the pace at which they took others. */
    private static Duration wait(long frames, long took, long nanos) {
        long needed = took > 0 ? nanos / took * Math.max(1, frames) : LONGEST_WAIT.toNanos() / 8;
        return Duration.ofNanos(Math.max(SHORTEST_WAIT.toNanos(), Math.min(LONGEST_WAIT.toNanos(), needed)));
    }

    private void heartbeat(Heartbeat.State state, String detail) {
        partition.send(new Frame(reference(), new Heartbeat(state, source, detail)), () -> {});
        lastHeartbeat = System.nanoTime();
    }

    private FrameReference reference() {
        return reference(lastNumber, lastCaptureMicros);
    }

    private FrameReference reference(long number, long captureMicros) {
        long ingest = Math.multiplyExact(clock.millis(), 1000L);
        return new FrameReference(session.camera(), session.epoch(), number, captureMicros, ingest);
    }
}
