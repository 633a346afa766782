package paseo.frames;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Knows pictures of a playlist again at the next connection, which begins with the last part there is: the one that was
 * shown already, and for ever where whoever makes the parts has died and the server has not. Another stream that
 * happens to have the same times shows something else.
 *
 * <p>A function of its input. Not thread-safe.
 */
final class ShownPictures {
    /** Longer than a part: two minutes of thirty pictures a second. */
    static final int MOST = 3600;

    /** Brightness by time stamp, the oldest first. */
    private final Map<Long, Long> shown = new LinkedHashMap<>();

    /**
     * Only what a connection begins with can have been shown: what repeats behind is a loop, which is shown as it is.
     */
    private boolean beginning;

    /** Pictures from now on are of another connection. */
    void connected() {
        beginning = true;
    }

    /**
     * Whether a picture belongs to the part with which the connection before ended, too.
     *
     * @param timestamp as the stream has it, in microseconds; empty when unknown
     * @param brightness of points spread over the picture
     */
    boolean before(OptionalLong timestamp, byte[] brightness) {
        if (timestamp.isEmpty()) {
            return false;
        }
        long key = timestamp.getAsLong();
        long hash = FrozenDetector.hash(brightness);
        Long earlier = shown.get(key);
        beginning &= earlier != null && earlier == hash;
        if (beginning) {
            return true;
        }
        shown.remove(key);
        shown.put(key, hash);
        if (shown.size() > MOST) {
            Iterator<Long> oldestFirst = shown.keySet().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        return false;
    }
}
