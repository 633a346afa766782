package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Decision;
import paseo.events.Sighting;
import paseo.events.Topics;

/**
 * Empties the outbox into the topic {@code sightings}, in order, at least once: rows are removed when Kafka has
 * confirmed them, so a death in between sends some again, under the same {@code ce_id}. One matcher of a deployment
 * publishes at a time.
 */
final class SightingPublisher implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(SightingPublisher.class);

    private static final int BATCH = 500;
    /** How long a row can wait that no decision of this process announced: another's, or one whose source came late. */
    private static final long ROUND_MILLIS = 1_000;

    private static final Duration STOP = Duration.ofSeconds(5);
    private static final long LOCK = 0x706173656f000002L;

    private final Database database;
    private final KafkaProducer<String, Sighting> producer;
    private final Semaphore news = new Semaphore(0);
    private boolean troubled;
    private volatile boolean closing;

    SightingPublisher(String bootstrapServers, Database database) {
        this.database = database;
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        // Shorter than the limits of the transaction that waits for it.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.producer = new KafkaProducer<>(
                settings, new StringSerializer(), Topics.SIGHTINGS.codec().serializer());
    }

    private record Waiting(long position, Sighting sighting) {}

    /** Says that rows may have become ready. From any thread. */
    void wake() {
        news.release();
    }

    /** Publishes until {@link #stop()}; throws what no waiting would heal. */
    @Override
    public void run() {
        try {
            while (!closing) {
                if (!publishedFully()) {
                    news.tryAcquire(ROUND_MILLIS, TimeUnit.MILLISECONDS);
                    news.drainPermits();
                }
            }
        } catch (InterruptedException | InterruptException e) {
            log.debug("interrupted to stop publishing", e);
        } finally {
            producer.close(STOP);
        }
    }

    void stop() {
        closing = true;
        wake();
    }

    /** Publishes one batch; whether it was a full one, so that more may wait. */
    private boolean publishedFully() throws InterruptedException {
        try {
            int published = database.transaction(this::publish);
            if (troubled) {
                troubled = false;
                log.info("sightings are published again");
            }
            return published == BATCH;
        } catch (SQLException e) {
            if (!SqlFaults.passing(e)) {
                throw new IllegalStateException("PostgreSQL refuses to empty the outbox: " + e.getMessage(), e);
            }
            trouble(e);
            return false;
        } catch (UnconfirmedException e) {
            trouble(e);
            return false;
        }
    }

    private void trouble(Exception e) {
        if (!troubled) {
            troubled = true;
            log.warn("sightings wait in the outbox: {}", e.getMessage());
        }
    }

    private int publish(Connection connection) throws SQLException {
        boolean alone = Sql.one(connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK);
        if (!alone) {
            return 0;
        }
        List<Waiting> waiting = waiting(connection);
        if (waiting.isEmpty()) {
            return 0;
        }
        send(waiting);
        Sql.update(connection, "DELETE FROM sighting_outbox WHERE position = ANY (?)", (Object)
                waiting.stream().mapToLong(Waiting::position).toArray());
        return waiting.size();
    }

    /** A sighting names its source, which is known once the other topic's reader has come to the session's start. */
    private static List<Waiting> waiting(Connection connection) throws SQLException {
        return Sql.query(connection, """
                SELECT o.*, s.id, s.first_frame, s.first_us,
                       c.camera, c.epoch, coalesce(c.source, c.camera) AS source, p.name AS pack
                FROM sighting_outbox o
                JOIN sequence s ON s.no = o.sequence_no
                JOIN camera_session c ON c.id = o.session_id
                JOIN model_pack p ON p.id = s.pack_id
                WHERE c.source IS NOT NULL OR c.sequences_complete IS NOT NULL AND c.faces_complete IS NOT NULL
                ORDER BY o.position
                LIMIT ?
                """, row -> new Waiting(row.getLong("position"), sighting(row)), BATCH);
    }

    private static Sighting sighting(ResultSet row) throws SQLException {
        return new Sighting(
                row.getObject("id", UUID.class),
                Sql.constant(row, "decision", Decision.class),
                row.getLong("person"),
                row.getString("camera"),
                row.getLong("epoch"),
                row.getString("source"),
                row.getLong("first_frame"),
                row.getLong("last_frame"),
                row.getLong("first_us") / 1e6,
                row.getLong("last_us") / 1e6,
                row.getInt("faces"),
                row.getInt("usable"),
                Sql.optionalDouble(row, "similarity"),
                Sql.optionalDouble(row, "runner_up"),
                Sql.optionalDouble(row, "threshold"),
                row.getLong("gallery_size"),
                row.getString("calibration"),
                row.getString("pack"),
                row.getBoolean("provisional"),
                Sql.seconds(row, "identified_us"),
                row.getInt("revision"));
    }

    private void send(List<Waiting> waiting) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Waiting row : waiting) {
            Sighting sighting = row.sighting();
            sent.add(producer.send(new ProducerRecord<>(
                    Topics.SIGHTINGS.name(), sighting.sequenceId().toString(), sighting)));
        }
        producer.flush();
        for (Future<RecordMetadata> confirmation : sent) {
            await(confirmation);
        }
    }

    private static void await(Future<RecordMetadata> confirmation) {
        try {
            confirmation.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException unconfirmed) {
                throw new UnconfirmedException(unconfirmed);
            }
            throw new IllegalStateException("Kafka refuses a sighting: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Kafka gave no confirmation in time; the rows stay. */
    private static final class UnconfirmedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnconfirmedException(Throwable cause) {
            super("Kafka did not confirm: " + cause.getMessage(), cause);
        }
    }
}
