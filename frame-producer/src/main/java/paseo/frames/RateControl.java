package paseo.frames;

/**
 * How many pictures a second each live camera may send. All cameras have the same limit, so each gets its share however
 * crowded another one is; it is lowered by a seventh while pictures wait too long for the workers and raised slowly
 * while they don't (additive increase, multiplicative decrease: D.-M. Chiu and R. Jain, Computer Networks and ISDN
 * Systems 17, 1989), but never below one.
 *
 * <p>A function of its input. Not thread-safe.
 */
final class RateControl {
    static final double FLOOR = 1;
    static final double MOST = 60;

    /** Some 100 ms are a picture's own; the rest is a queue, which does no good. */
    static final long TOO_OLD_MICROS = 300_000;

    private static final long YOUNG_MICROS = 150_000;
    private static final double DECREASE = 0.85;
    private static final double INCREASE_PER_SECOND = 0.5;
    /** Between two decreases, so that the first one shows before the next. */
    private static final long EFFECT_MICROS = 500_000;

    private double rate = MOST;
    private long lastDecrease = Long.MIN_VALUE / 2;
    private long lastIncrease = Long.MIN_VALUE / 2;

    /** Pictures a second of each camera, from {@link #FLOOR} to {@link #MOST}. */
    double rate() {
        return rate;
    }

    /**
     * Takes a measurement in.
     *
     * @param ageMicros of the oldest picture that waits for a worker, 0 when none does
     * @param fastest pictures a second that would be sent of the busiest camera without this limit, 0 when that is not
     *     known yet
     * @param nowMicros a clock that never goes back
     */
    void measured(long ageMicros, double fastest, long nowMicros) {
        if (ageMicros > TOO_OLD_MICROS) {
            lastIncrease = nowMicros;
            if (nowMicros - lastDecrease >= EFFECT_MICROS) {
                lastDecrease = nowMicros;
                double sent = fastest > 0 ? Math.min(rate, Math.max(fastest, FLOOR)) : rate;
                rate = Math.max(FLOOR, sent * DECREASE);
            }
        } else if (ageMicros < YOUNG_MICROS) {
            double seconds = Math.min(1, (nowMicros - lastIncrease) / 1e6);
            lastIncrease = nowMicros;
            rate = Math.min(MOST, rate + INCREASE_PER_SECOND * seconds);
        } else {
            lastIncrease = nowMicros;
        }
    }
}
