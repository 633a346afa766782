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

    private record Shown(long brightness, long connection) {}

    private final Map<Long, Shown> shown = new LinkedHashMap<>();
    private long connection;

    /** Pictures from now on are of another connection. */
    void connected() {
        connection++;
    }

    /**
     * Whether a picture came in an earlier connection, too.
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
        Shown earlier = shown.get(key);
        if (earlier != null && earlier.brightness == hash && earlier.connection != connection) {
            return true;
        }
        shown.remove(key);
        shown.put(key, new Shown(hash, connection));
        if (shown.size() > MOST) {
            Iterator<Long> oldestFirst = shown.keySet().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        return false;
    }
}
