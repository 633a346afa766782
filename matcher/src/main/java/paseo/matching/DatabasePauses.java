package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the reader of a topic waits before it tries again: longer each time, until PostgreSQL has done what it was
 * asked. For one thread; the gauge may be read from any.
 */
final class DatabasePauses {
    private static final Logger log = LoggerFactory.getLogger(DatabasePauses.class);

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String topic;
    private final Counter faults;
    private long pauseNanos = FIRST_NANOS;
    private long endNanos = System.nanoTime();
    private volatile boolean lost;

    DatabasePauses(String topic, MeterRegistry registry) {
        this.topic = topic;
        this.faults = Counter.builder("paseo.db.faults")
                .description("Transactions that the database could not do, after which the topic waits")
                .tag("topic", topic)
                .register(registry);
        Gauge.builder("paseo.reader.waiting", this, pauses -> pauses.lost ? 1 : 0)
                .description("1 while the topic waits for the database")
                .tag("topic", topic)
                .register(registry);
    }

    /** Whether the latest pause is over. */
    boolean over() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** Whether it is over for so long that any failure since would have begun another. */
    boolean overForLong() {
        return System.nanoTime() - endNanos > LONGEST_NANOS;
    }

    /** The database did what it was asked. */
    void answered() {
        pauseNanos = FIRST_NANOS;
        if (lost) {
            lost = false;
            log.info("PostgreSQL answers again: going on with {}", topic);
        }
    }

    /**
     * The database did not.
     *
     * @throws IllegalStateException if no waiting will heal it
     */
    void failed(SQLException fault) {
        if (!SqlFaults.passing(fault)) {
            throw new IllegalStateException(
                    "PostgreSQL refuses what was read from " + topic + ": " + fault.getMessage(), fault);
        }
        faults.increment();
        if (!lost) {
            lost = true;
            log.warn("PostgreSQL is in trouble ({}): {} waits until it answers", fault.getMessage(), topic);
        }
        begin();
    }

    /** Begins a pause, twice as long as the one before. */
    void begin() {
        endNanos = System.nanoTime() + pauseNanos;
        pauseNanos = Math.min(2 * pauseNanos, LONGEST_NANOS);
    }
}
