package paseo.matching;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.operations.KafkaConnection;

/**
 * Does what erasures have left to do, to keys, in Kafka and in PostgreSQL's files, and tries again what cannot be done
 * yet. One matcher of a deployment does it at a time. That it cannot is no reason for a matcher to stop.
 */
final class Purger implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Purger.class);

    private static final Duration ROUND = Duration.ofSeconds(3);
    /** Behind a table that could not be written anew: whoever uses it is not to be stopped again at once. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final long LOCK = 0x706173656f000008L;
    private static final int KAFKA_MILLIS = 15_000;

    private final KafkaConnection kafka;
    private final Database database;
    private final TablePurge tables;
    private final TablePurge keys;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger tablesLeft = new AtomicInteger();
    private final AtomicInteger keysLeft = new AtomicInteger();
    private final Rounds rounds = new Rounds(ROUND);
    private long tablesNanos = System.nanoTime();
    private String trouble = "";

    Purger(KafkaConnection kafka, Database database, MeterRegistry registry) {
        this.kafka = kafka;
        this.database = database;
        this.tables = new TablePurge(database);
        this.keys = new TablePurge(database.keys().database());
        Gauge.builder("paseo.purge.partitions.waiting", left, AtomicInteger::get)
                .description("Partitions that still hold something of who was erased, not consumed or not deletable")
                .register(registry);
        Gauge.builder("paseo.purge.keys.waiting", keysLeft, AtomicInteger::get)
                .description("1 while keys of who was erased are not deleted, or are in the files of their table")
                .register(registry);
        Gauge.builder("paseo.purge.tables.waiting", tablesLeft, AtomicInteger::get)
                .description("1 while files of tables still hold bytes of who was erased: in use, or too large to be"
                        + " written anew without being told to")
                .register(registry);
    }

    /** Works in rounds until {@link #stop()}. */
    @Override
    public void run() {
        rounds.run(this::round);
    }

    void stop() {
        rounds.stop();
        tables.stop();
        keys.stop();
    }

    private void round() throws InterruptedException {
        try {
            // First: until then a copy of the database brings everything back.
            purgeKeys();
            if (database.transaction(TopicPurge::due)) {
                purgeTopics();
            }
            if (System.nanoTime() - tablesNanos >= 0 && database.<Boolean>transaction(TablePurge::due)) {
                boolean waiting = tables.round(false).waiting();
                tablesLeft.set(waiting ? 1 : 0);
                tablesNanos = System.nanoTime() + (waiting ? PAUSE.toNanos() : 0);
            }
            trouble = "";
        } catch (SQLException | KafkaException e) {
            tell(e);
        } catch (ExecutionException e) {
            tell(e.getCause() == null ? e : e.getCause());
        }
    }

    private void purgeKeys() throws SQLException {
        if (database.<Boolean>transaction(KeyWishes::any)) {
            keysLeft.set(1);
            new KeyWishes(database).grant();
            keysLeft.set(0);
        }
        if (database.keys().database().<Boolean>transaction(TablePurge::due)) {
            keysLeft.set(keys.round(false).waiting() ? 1 : 0);
        }
    }

    private void purgeTopics() throws SQLException, ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_MILLIS);
        try (Admin admin = Admin.create(kafka.admin(settings));
                Connection connection = database.patient()) {
            connection.setAutoCommit(false);
            boolean alone = Sql.one(connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK);
            left.set(alone ? new TopicPurge(admin, kafka).round(connection) : 0);
            connection.commit();
        }
    }

    /** Once, until it is another trouble: rights are not given within seconds. */
    private void tell(Throwable fault) {
        String said = fault.getClass().getSimpleName() + ": " + fault.getMessage();
        String kind = said.replaceAll("[0-9]+", "");
        if (!kind.equals(trouble) && !rounds.stopped()) {
            trouble = kind;
            log.warn("what was erased is not gone from Kafka or PostgreSQL's files yet, and is tried again: {}", said);
        }
    }
}
