package paseo.evaluation;

import java.time.Duration;
import java.util.Locale;

/** Says on standard error, every few seconds, how far something long is. */
final class Ticker {
    private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final String what;
    private final long start = System.nanoTime();
    private long told = start;

    Ticker(String what) {
        this.what = what;
    }

    /** So many of at most all are done. */
    void at(long done, long all) {
        long now = System.nanoTime();
        if (now - told >= EVERY_NANOS && done > 0) {
            told = now;
            double left = (now - start) / 1e9 * Math.max(0, all - done) / done;
            System.err.printf(Locale.ROOT, "%,d of up to %,d %s, at most %.0f s left%n", done, all, what, left);
        }
    }
}
