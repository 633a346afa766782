package paseo.frames;

import java.time.Duration;
import java.util.Random;

/**
 * When to try again to reach a camera: after half a second, then after twice as long as before, up to half a minute,
 * each time up to a fifth more or less so that cameras behind one switch don't come all at once. A camera that refused
 * the password is left alone for half a minute at least: many lock a user out who tries more often.
 *
 * <p>A function of seed and calls.
 */
final class ReconnectPolicy {
    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final double JITTER = 0.2;

    private final Random random;
    private Duration next = FIRST;

    ReconnectPolicy(long seed) {
        random = new Random(seed);
    }

    /** A picture came, or the camera is there again: its pictures may need some seconds more. */
    void returned() {
        next = FIRST;
    }

    /**
     * How long to wait from now on.
     *
     * @param unauthorised whether the camera refused user and password
     */
    Duration afterFailure(boolean unauthorised) {
        double share = random.nextDouble();
        if (unauthorised) {
            return scaled(LONGEST, 1 + JITTER * share);
        }
        Duration wait = scaled(next, 1 + JITTER * (2 * share - 1));
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        return wait;
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
