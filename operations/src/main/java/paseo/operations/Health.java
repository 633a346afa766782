package paseo.operations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How a service is, in the two senses of a scheduler. Alive: its own loops move; nobody else's trouble, not Kafka's nor
 * the database's, makes it less so, or a restart would be the answer to what a restart does not heal. Ready: nothing
 * that it needs is missing. Thread-safe.
 */
public final class Health {
    /** A piece of work that takes longer than this hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private final Map<String, Loop> loops = new ConcurrentSkipListMap<>();
    private final Map<String, Supplier<Optional<String>>> needs = new ConcurrentSkipListMap<>();

    /** Of a service that has no loops yet and needs nothing. */
    public Health() {
        this(System::nanoTime);
    }

    /**
     * The same by another clock.
     *
     * @param nanos from any beginning, never back
     */
    public Health(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One thread's endless loop, as it says itself where it is. */
    public static final class Loop {
        private static final long WAITING = Long.MIN_VALUE;

        private final LongSupplier nanos;
        private volatile long since = WAITING;

        private Loop(LongSupplier nanos) {
            this.nanos = nanos;
        }

        /** Begins a piece of its own work; the one before is done. */
        public void works() {
            since = nanos.getAsLong();
        }

        /** Waits for others: for records, for Kafka, for the database. */
        public void waits() {
            since = WAITING;
        }

        private boolean hangs() {
            long began = since;
            return began != WAITING && nanos.getAsLong() - began > PATIENCE.toNanos();
        }
    }

    /** A loop to be watched; asked again by the same name it starts anew. */
    public Loop loop(String name) {
        Loop loop = new Loop(nanos);
        loops.put(name, loop);
        return loop;
    }

    /**
     * Something without which the service is not ready.
     *
     * @param missing says why it is not there, in words for an operator; asked at each look, from any thread, and
     *     answers soon
     */
    public void needs(String name, Supplier<Optional<String>> missing) {
        needs.put(name, missing);
    }

    /** Names of the loops that hang, in order. */
    public List<String> hanging() {
        List<String> names = new ArrayList<>();
        loops.forEach((name, loop) -> {
            if (loop.hangs()) {
                names.add(name);
            }
        });
        return names;
    }

    /** What is missing, by name, with the reason. */
    Map<String, String> missing() {
        Map<String, String> reasons = new ConcurrentSkipListMap<>();
        needs.forEach((name, need) -> reason(need).ifPresent(reason -> reasons.put(name, reason)));
        return reasons;
    }

    private static Optional<String> reason(Supplier<Optional<String>> need) {
        try {
            return need.get();
        } catch (RuntimeException e) {
            return Optional.of("cannot be told: " + e.getClass().getSimpleName());
        }
    }
}
