package paseo.frames;

import java.util.function.LongSupplier;

/**
 * Time since 1970 that never goes back and never stands still: the wall clock of the moment it was made, moved on by
 * the monotonic clock. A camera's own time stamps are not used: they jump, drift and start again.
 */
final class LiveClock {
    /** Two sessions lie at least so far apart: a {@link LiveSession}'s epoch is in milliseconds. */
    private static final long EPOCH_MICROS = 1000;

    /**
     * The tracker takes an earlier session of a camera whose last time is thirty seconds away from the broker's, and
     * five are left for what is on its way.
     */
    private static final long SET_BACK_MICROS = 35_000_000;

    private final LongSupplier nanos;
    private final long wallMicros;
    private final long startNanos;
    private long last;

    LiveClock() {
        this(System.currentTimeMillis() * 1000, System::nanoTime);
    }

    /**
     * The clock of a camera that is watched anew. Where the machine's was set back a little, the session is still later
     * than the one before; where by more, the machine is believed: a time in the future is refused by the tracker.
     */
    static LiveClock after(LiveClock before) {
        return after(before, System.currentTimeMillis() * 1000, System::nanoTime);
    }

    static LiveClock after(LiveClock before, long wallMicros, LongSupplier nanos) {
        long later = before.micros() + EPOCH_MICROS;
        return new LiveClock(later - wallMicros > SET_BACK_MICROS ? wallMicros : Math.max(wallMicros, later), nanos);
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
