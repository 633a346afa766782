package paseo.frames;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Notices a camera that delivers but shows nothing new: one picture for ever, the same few again and again, or many
 * more pictures a second than a camera makes (a server that plays a file as fast as it can).
 *
 * <p>A sensor's noise changes some brightness in any ten seconds, and never to what it was a moment ago. An empty room
 * whose noise the camera has smoothed away looks like a frozen picture, so being frozen must cost nothing but frames
 * that show the same: the first picture that differs ends it.
 *
 * <p>A function of its input.
 */
final class FrozenDetector {
    /** What is noticed within ten seconds, the way to the heartbeat included. */
    static final long STILL_MICROS = 9_000_000;

    /** Nothing but repetitions for so long: whatever the round, that is within ten seconds of its first repetition. */
    static final long REPEATING_MICROS = 4_500_000;

    static final double MOST_FPS = 100;

    /**
     * The longest round that is noticed. Who tries cameras out with a recording that is played again has a longer one.
     */
    private static final long REMEMBERED_MICROS = 20_000_000;

    private static final int MOST_REMEMBERED = 4096;
    /** Levels by which points of one picture differ when it is coded once more. */
    private static final int CODING_NOISE = 2;

    private static final double SHARE_NOISY = 0.01;
    /** Levels by which something that moves differs from what was there before. */
    private static final int MOTION = 8;

    private static final int POINTS_IN_MOTION = 3;
    private static final long RATE_MICROS = 4_000_000;

    /** What a camera shows. */
    enum Verdict {
        MOVING(""),
        STILL("the picture stands still"),
        REPEATING("the same pictures come again and again"),
        TOO_FAST("more than " + (int) MOST_FPS + " pictures a second: a recording, not a camera");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** For people; empty when all is well. */
        String words() {
            return words;
        }
    }

    private final Map<Long, Long> seen = new LinkedHashMap<>();
    private byte[] reference = {};
    private long stillSince;
    private long newSince;
    private long windowStart = Long.MIN_VALUE;
    private int windowCount;
    private boolean tooFast;

    /** Forgets everything, as after a new connection. */
    void reset() {
        seen.clear();
        reference = new byte[0];
        windowStart = Long.MIN_VALUE;
        windowCount = 0;
        tooFast = false;
    }

    /**
     * Looks at the next picture.
     *
     * @param luma brightness of points spread over the picture, always the same points
     * @param captureMicros later than that of the picture before
     */
    Verdict see(byte[] luma, long captureMicros) {
        measureRate(captureMicros);
        if (differs(reference, luma)) {
            reference = luma.clone();
            stillSince = captureMicros;
        }
        if (!repeats(hash(luma), captureMicros)) {
            newSince = captureMicros;
        }
        if (captureMicros - stillSince >= STILL_MICROS) {
            return Verdict.STILL;
        }
        if (captureMicros - newSince >= REPEATING_MICROS && stillSince > newSince) {
            return Verdict.REPEATING;
        }
        return tooFast ? Verdict.TOO_FAST : Verdict.MOVING;
    }

    private void measureRate(long now) {
        if (windowStart == Long.MIN_VALUE) {
            windowStart = now;
        }
        windowCount++;
        long length = now - windowStart;
        if (length >= RATE_MICROS) {
            tooFast = windowCount * 1e6 / length > MOST_FPS;
            windowStart = now;
            windowCount = 0;
        }
    }

    private boolean repeats(long hash, long now) {
        boolean before = seen.remove(hash) != null;
        seen.put(hash, now);
        Iterator<Long> oldestFirst = seen.values().iterator();
        while (now - oldestFirst.next() > REMEMBERED_MICROS || seen.size() > MOST_REMEMBERED) {
            oldestFirst.remove();
        }
        return before;
    }

    /** Whether two pictures show something else, beyond what coding one picture twice makes of it. */
    static boolean differs(byte[] one, byte[] other) {
        if (one.length != other.length) {
            return true;
        }
        return moves(one, other) || differing(one, other, CODING_NOISE) > one.length * SHARE_NOISY;
    }

    /** Whether something moved between two pictures, beyond a sensor's noise. */
    static boolean moves(byte[] one, byte[] other) {
        return one.length != other.length || differing(one, other, MOTION) >= POINTS_IN_MOTION;
    }

    private static int differing(byte[] one, byte[] other, int levels) {
        int differing = 0;
        for (int i = 0; i < one.length; i++) {
            differing += Math.abs((one[i] & 0xFF) - (other[i] & 0xFF)) > levels ? 1 : 0;
        }
        return differing;
    }

    /** FNV-1a over the points and one more mixing of {@link Arrays#hashCode}: 64 bits. */
    static long hash(byte[] luma) {
        long hash = 0xcbf29ce484222325L;
        for (byte point : luma) {
            hash = (hash ^ (point & 0xFF)) * 0x100000001b3L;
        }
        return hash ^ ((long) Arrays.hashCode(luma) << 32);
    }
}
