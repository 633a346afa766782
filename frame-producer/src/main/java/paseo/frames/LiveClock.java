package paseo.frames;

import java.util.function.LongSupplier;

/**
 * Time since 1970 that never goes back and never stands still: the wall clock of the moment it was made, moved on by
 * the monotonic clock. A camera's own time stamps are not used: they jump, drift and start again.
 */
final class LiveClock {
    private final LongSupplier nanos;
    private final long wallMicros;
    private final long startNanos;
    private long last;

    LiveClock() {
        this(System.currentTimeMillis() * 1000, System::nanoTime);
    }

    LiveClock(long wallMicros, LongSupplier nanos) {
        this.nanos = nanos;
        this.wallMicros = wallMicros;
        startNanos = nanos.getAsLong();
    }

    /** Microseconds since 1970, later than at every call before. */
    synchronized long micros() {
        last = Math.max(last + 1, wallMicros + (nanos.getAsLong() - startNanos) / 1000);
        return last;
    }
}
