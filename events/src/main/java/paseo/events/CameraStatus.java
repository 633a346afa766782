package paseo.events;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a camera is and what became of its pictures since the session began: read = published + dropped + those on their
 * way.
 *
 * @param state how it is
 * @param sinceMicros since when, since 1970
 * @param framesRead decoded
 * @param framesPublished stored in Kafka
 * @param framesDropped number by reason
 * @param frameRate pictures a second that the camera has delivered lately
 * @param connections made
 */
public record CameraStatus(
        State state,
        long sinceMicros,
        long framesRead,
        long framesPublished,
        Map<String, Long> framesDropped,
        double frameRate,
        long connections) {
    public CameraStatus {
        framesDropped = Map.copyOf(framesDropped);
        Finite.check("a frame rate", frameRate);
    }

    /** How a camera is. */
    public enum State {
        LIVE,
        /** Not there; tried again soon. */
        RECONNECTING,
        /** Not there for a while, or refuses; tried again in growing intervals. */
        DOWN,
        /** Delivers, but the picture stands still or repeats itself. */
        FROZEN
    }

    /** All that were dropped. */
    public long dropped() {
        return framesDropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The reasons in the order of the alphabet. */
    public Map<String, Long> droppedByReason() {
        return new TreeMap<>(framesDropped);
    }
}
