package paseo.matching.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A bucket of permits for each caller, which fills again at a steady rate. Thread-safe. */
final class RateLimit {
    /** Callers that are remembered; whoever has been silent longest is forgotten first, with a full bucket. */
    private static final int CALLERS = 4_096;

    private final double capacity;
    private final double perNano;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Bucket {
        private double permits;
        private long at;
    }

    /**
     * @param capacity permits of a full bucket
     * @param perSecond permits that come back
     * @param nanos the time, {@link System#nanoTime}
     */
    RateLimit(int capacity, double perSecond, LongSupplier nanos) {
        this.capacity = capacity;
        this.perNano = perSecond / 1e9;
        this.nanos = nanos;
    }

    /** Takes a permit, if there is one. */
    synchronized boolean take(String caller) {
        Bucket bucket = filled(caller);
        boolean there = bucket.permits >= 1;
        if (there) {
            bucket.permits--;
        }
        return there;
    }

    /** Whether there is none to take. */
    synchronized boolean exhausted(String caller) {
        return filled(caller).permits < 1;
    }

    private Bucket filled(String caller) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(caller, unknown -> {
            Bucket full = new Bucket();
            full.permits = capacity;
            full.at = now;
            return full;
        });
        bucket.permits = Math.min(capacity, bucket.permits + (now - bucket.at) * perNano);
        bucket.at = now;
        if (buckets.size() > CALLERS) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return bucket;
    }
}
