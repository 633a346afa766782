package paseo.inference;

import java.util.concurrent.TimeUnit;

/**
 * Whether others are likely to come in time to be looked at together with a picture. Where they are not, waiting only
 * makes the picture older: of one camera at 25 pictures a second none ever has company within 20 ms. A function of its
 * input.
 */
final class Company {
    /** Of the newest record. */
    private static final double WEIGHT = 0.1;

    /** A longer silence says no more about what comes behind it. */
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private double gapNanos;
    private long latestNanos;

    /** @param nowNanos of a clock that only goes forward */
    Company(long nowNanos) {
        latestNanos = nowNanos;
    }

    /** So many records were there at once. */
    void came(int records, long nowNanos) {
        if (records > 0) {
            double gap = (double) Math.min(nowNanos - latestNanos, LONGEST_GAP_NANOS) / records;
            gapNanos += (1 - Math.pow(1 - WEIGHT, records)) * (gap - gapNanos);
            latestNanos = nowNanos;
        }
    }

    /** Whether one more is to be expected within so long. */
    boolean likely(long nanos) {
        return gapNanos < nanos;
    }
}
