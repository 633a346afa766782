package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;
import paseo.operations.TraceParent;

/**
 * Empties the outboxes into the topics {@code sightings} and {@code persons}, in order, at least once: rows are removed
 * when Kafka has confirmed them, so a death in between sends some again, under the same {@code ce_id}. One matcher of a
 * deployment publishes at a time.
 */
final class Publisher implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private static final int BATCH = 500;
    /** How long a row can wait that no decision of this process announced: another's, or one whose source came late. */
    private static final long ROUND_MILLIS = 1_000;

    private static final Duration STOP = Duration.ofSeconds(5);
    private static final String WAITING =
            "SELECT (SELECT count(*) FROM sighting_outbox) + (SELECT count(*) FROM person_outbox)";
    private static final long LOCK = 0x706173656f000002L;

    private final Database database;
    private final KafkaProducer<String, byte[]> producer;
    private final Semaphore news = new Semaphore(0);
    private final AtomicLong waiting = new AtomicLong();
    private final Counter published;
    private boolean troubled;
    private volatile boolean closing;

    Publisher(KafkaConnection kafka, Database database, Management management) {
        this.database = database;
        Gauge.builder("paseo.outbox.waiting", waiting, AtomicLong::get)
                .description("Events that are decided and not yet published, where this matcher is the one to publish")
                .register(management.meters());
        published = Counter.builder("paseo.outbox.published")
                .description("Events of the outboxes that Kafka has confirmed")
                .register(management.meters());
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        // Shorter than the limits of the transaction that waits for it.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        this.producer =
                new KafkaProducer<>(kafka.producer(settings), new StringSerializer(), new ByteArraySerializer());
        management.bind(new KafkaClientMetrics(producer));
    }

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
                log.info("sightings and revisions are published again");
            }
            return published == BATCH;
        } catch (SQLException e) {
            if (!SqlFaults.passing(e)) {
                throw new IllegalStateException("PostgreSQL refuses to empty the outboxes: " + e.getMessage(), e);
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
            log.warn("sightings and revisions wait in their outboxes: {}", e.getMessage());
        }
    }

    private int publish(Connection connection) throws SQLException {
        boolean alone = Sql.one(connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK);
        if (!alone) {
            waiting.set(0);
            return 0;
        }
        waiting.set(Sql.one(connection, WAITING, row -> row.getLong(1)));
        // Sightings first: what became known later about a sequence follows what was said of it.
        int published = Math.max(publish(new SightingOutbox(connection)), publish(new PersonOutbox(connection)));
        return published == BATCH ? published : bury(new TombstoneOutbox(connection));
    }

    /** Last of all, when nothing else waits: behind everything that was said of who is erased. */
    private int bury(TombstoneOutbox outbox) throws SQLException {
        List<TombstoneOutbox.Tombstone> waiting = outbox.waiting(BATCH);
        if (!waiting.isEmpty()) {
            List<Future<RecordMetadata>> sent = waiting.stream()
                    .map(stone -> producer.send(new ProducerRecord<>(stone.topic(), stone.key(), null)))
                    .toList();
            producer.flush();
            sent.forEach(Publisher::await);
            outbox.remove(waiting);
        }
        return waiting.size();
    }

    private <T> int publish(Outbox<T> outbox) throws SQLException {
        List<Outbox.Waiting<T>> waiting = outbox.waiting(BATCH);
        if (!waiting.isEmpty()) {
            send(outbox, waiting);
            published.increment(waiting.size());
            outbox.remove(waiting.stream().mapToLong(Outbox.Waiting::position).toArray());
        }
        return waiting.size();
    }

    private <T> void send(Outbox<T> outbox, List<Outbox.Waiting<T>> waiting) {
        Topic<T> topic = outbox.topic();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Outbox.Waiting<T> row : waiting) {
            for (T event : outbox.records(row.event())) {
                Headers headers = new RecordHeaders();
                byte[] value = topic.codec().serialize(topic.name(), headers, event);
                if (event instanceof Sighting sighting) {
                    TraceParent.ofId(headers, "matching", sighting.sequenceId());
                }
                sent.add(producer.send(new ProducerRecord<>(topic.name(), null, outbox.key(event), value, headers)));
            }
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
            throw new IllegalStateException("Kafka refuses what is published: " + e.getMessage(), e);
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
