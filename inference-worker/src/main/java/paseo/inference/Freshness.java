package paseo.inference;

import paseo.events.Image;

/**
 * Tells which pictures of live cameras would be stale when their faces are found, from how long the last pictures took.
 * Only looking at one tells how long pictures take, so each fresh one that this guess refuses halves it: after a pause
 * of the process no picture would be looked at ever again. Where the cameras' clock is behind none seems fresh, so for
 * that one is enough that still has time left, once none was looked at for long. A function of its input.
 */
final class Freshness {
    /** With so much time left a picture is fresh: refusing it is a matter of the guess, not of a queue. */
    private static final long FRESH_MICROS = 1_000_000;

    /** However many wait, some are looked at within so long. */
    private static final long STUCK_MICROS = 5_000_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Pace pace = new Pace();
    /** When a live picture was last found worth looking at, or the first one came. */
    private long lastLook = NEVER;

    /**
     * Whether a picture is not worth looking at any more.
     *
     * @param ahead pictures that are looked at before it
     * @param nowMicros since 1970
     */
    boolean stale(Image image, int ahead, long nowMicros) {
        boolean stale = image.live() && nowMicros + (ahead + 1) * pace.micros() > image.staleAfterMicros();
        if (image.live() && (!stale || lastLook == NEVER)) {
            lastLook = nowMicros;
        }
        long least = nowMicros - lastLook >= STUCK_MICROS ? 1 : FRESH_MICROS;
        if (stale && ahead == 0 && image.staleAfterMicros() - nowMicros >= least) {
            pace.halve();
        }
        return stale;
    }

    /** Pictures took so long together. */
    void took(int pictures, long nanos) {
        pace.took(pictures, nanos);
    }

    /** How many pictures take that long, at least one for each thread. */
    int picturesIn(long micros, int threads) {
        return pace.picturesIn(micros, threads);
    }
}
