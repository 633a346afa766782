package paseo.frames;

import java.util.Optional;
import paseo.events.Detections;
import paseo.events.Heartbeat;

/**
 * How far the workers are with a session.
 *
 * @param partition that the session is on
 * @param lastNumber of the last frame that was looked at, -1 before the first
 * @param lastCaptureMicros capture time of that frame
 * @param end how the session ended; empty while it goes on
 */
record SessionProgress(int partition, long lastNumber, long lastCaptureMicros, Optional<Heartbeat> end) {
    /** What one more record of the session tells; records may come twice. */
    SessionProgress and(Detections record) {
        boolean later = record.reference().number() > lastNumber;
        return new SessionProgress(
                partition,
                later ? record.reference().number() : lastNumber,
                later ? record.reference().captureTimeMicros() : lastCaptureMicros,
                end.or(() -> endIn(record)));
    }

    static SessionProgress of(int partition, Detections record) {
        return new SessionProgress(
                partition, record.reference().number(), record.reference().captureTimeMicros(), endIn(record));
    }

    private static Optional<Heartbeat> endIn(Detections record) {
        return record.content() instanceof Heartbeat heartbeat
                        && heartbeat.state().last()
                ? Optional.of(heartbeat)
                : Optional.empty();
    }
}
