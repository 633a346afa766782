package paseo.matching;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.DeadLetter;
import paseo.events.EventFormatException;
import paseo.events.Topic;
import paseo.operations.GroupMembership;
import paseo.operations.Health;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;

/**
 * Carries one topic into the database: each batch of a partition's records is stored in one transaction with the offset
 * behind it. One thread, on which {@link #run()} is called.
 *
 * <p>A partition that Kafka assigns stays paused until it was claimed in the {@link OffsetLedger}; then it is read from
 * the offset found there. When storing fails because the database is unwell, or somebody else took over, the partition
 * is given back to that state and claimed again later, with growing pauses: consumption stops and goes on by itself,
 * and the reader stays a member of its group meanwhile. While nothing comes, the reader looks every few seconds whether
 * the ledger still stands where it left it: behind a failover the new server may lack the latest transactions, and
 * their records are read again.
 */
final class TopicReader<T> implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LEAVE = Duration.ofSeconds(5);
    private static final int BATCH = 200;
    private static final long LEDGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Topic<T> topic;
    private final UUID topicId;
    private final TopicHandler<T> handler;
    private final Database database;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Timer transactions;
    private final UnusableRecords unusable;
    private final DatabasePauses pauses;
    private final Health.Loop loop;

    /** Assigned partitions; those without a claim are paused. */
    private final Map<TopicPartition, OffsetLedger.@Nullable Claim> claims = new HashMap<>();

    private long ledgerNanos = System.nanoTime();
    private volatile boolean closing;

    TopicReader(
            Topic<T> topic,
            UUID topicId,
            String group,
            KafkaConnection kafka,
            TopicHandler<T> handler,
            Database database,
            Management management) {
        MeterRegistry registry = management.meters();
        this.topic = topic;
        this.topicId = topicId;
        this.handler = handler;
        this.database = database;
        this.transactions = Timer.builder("paseo.db.transaction")
                .description("Storing one batch of records, commit included")
                .tag("topic", topic.name())
                .serviceLevelObjectives(
                        Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1))
                .register(registry);
        this.unusable = new UnusableRecords(topic, kafka, registry);
        this.pauses = new DatabasePauses(topic.name(), registry);
        this.consumer = new KafkaConsumer<>(kafka.consumer(settings(group)));
        this.loop = management.health().loop("read-" + topic.name());
        management.bind(new KafkaClientMetrics(consumer));
        management.health().needs(topic.name(), new GroupMembership(consumer::metrics));
    }

    private record Entry<T>(T event, ConsumerRecord<byte[], byte[]> source) {
        long nextOffset() {
            return source.offset() + 1;
        }
    }

    private static Map<String, Object> settings(String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // Only used where the offset in the database is outside of what Kafka still has: reading again is harmless.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** Reads until {@link #stop()}; throws what no waiting would heal. */
    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic.name()), new Assignment());
            while (!closing) {
                loop.waits();
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                claimUnclaimed();
                if (records.isEmpty()) {
                    compareWithLedger();
                }
                loop.works();
                for (TopicPartition partition : records.partitions()) {
                    storeOrGiveBack(partition, records.records(partition));
                }
            }
        } catch (WakeupException e) {
            log.debug("woken to stop reading {}", topic.name(), e);
        } finally {
            unusable.close();
            consumer.close(CloseOptions.timeout(LEAVE));
        }
    }

    /** Makes {@link #run()} return soon. From any thread. */
    void stop() {
        closing = true;
        consumer.wakeup();
    }

    /** Neither database nor network is touched here: a fault would surface in the middle of a rebalance. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                claims.put(partition, null);
                consumer.pause(List.of(partition));
                // Any position will do while it is paused; without one, Kafka would be asked for its own.
                consumer.seek(partition, 0);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            claims.keySet().removeAll(partitions);
        }
    }

    private void claimUnclaimed() {
        List<TopicPartition> unclaimed = claims.entrySet().stream()
                .filter(entry -> entry.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
        if (unclaimed.isEmpty() || !pauses.over()) {
            return;
        }
        try {
            for (TopicPartition partition : unclaimed) {
                OffsetLedger.Claim claim = database.transaction(
                        connection -> OffsetLedger.claim(connection, topicId, topic.name(), partition.partition()));
                claims.put(partition, claim);
                consumer.seek(partition, claim.nextOffset());
                consumer.resume(List.of(partition));
            }
        } catch (SQLException e) {
            pauses.failed(e);
        }
    }

    private void compareWithLedger() {
        if (System.nanoTime() - ledgerNanos < LEDGER_NANOS || !pauses.over()) {
            return;
        }
        ledgerNanos = System.nanoTime();
        try {
            List<OffsetLedger.Claim> held =
                    claims.values().stream().filter(Objects::nonNull).toList();
            for (OffsetLedger.Claim claim : held) {
                if (!database.<Boolean>transaction(connection -> OffsetLedger.holds(connection, claim))) {
                    log.warn(
                            "PostgreSQL does not stand at offset {} of {}-{} any more: reading from where it stands",
                            claim.nextOffset(),
                            topic.name(),
                            claim.partition());
                    giveBack(new TopicPartition(topic.name(), claim.partition()));
                }
            }
            // That it can be read says little: a full disk can. But nothing has failed for a while.
            if (pauses.overForLong()) {
                pauses.answered();
            }
        } catch (SQLException e) {
            pauses.failed(e);
        }
    }

    /** What cannot be set aside now is read again later, with all behind it. */
    private void storeOrGiveBack(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            store(partition, records);
        } catch (RetriableException e) {
            log.warn("{} waits until Kafka takes what has to be set aside: {}", partition, e.getMessage());
            giveBack(partition);
            pauses.begin();
        }
    }

    private void store(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        List<Entry<T>> entries = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            T event = decode(record);
            if (event != null) {
                entries.add(new Entry<>(event, record));
            }
        }
        if (!prepared(partition, entries)) {
            return;
        }
        List<Entry<T>> batch = new ArrayList<>();
        for (Entry<T> entry : entries) {
            batch.add(entry);
            if (batch.size() == BATCH || handler.endsTransaction(entry.event())) {
                if (!stored(partition, batch, entry.nextOffset())) {
                    return;
                }
                batch = new ArrayList<>();
            }
        }
        long behind = records.get(records.size() - 1).offset() + 1;
        if (stored(partition, batch, behind)) {
            consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(behind)),
                    (offsets, fault) -> log.debug("committed {} to Kafka, for lag only", offsets, fault));
        }
    }

    private @Nullable T decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            T event = topic.codec().deserialize(topic.name(), record.headers(), record.value());
            if (event == null) {
                throw new IllegalArgumentException("no value");
            }
            return event;
        } catch (EventFormatException | IllegalArgumentException e) {
            setAside(record, DeadLetter.Reason.UNREADABLE, e);
            return null;
        }
    }

    private void setAside(ConsumerRecord<byte[], byte[]> record, DeadLetter.Reason reason, Exception cause) {
        loop.waits();
        unusable.setAside(record, reason, cause);
        loop.works();
    }

    /** Whether the records can be stored now; if not, the partition was given back. */
    private boolean prepared(TopicPartition partition, List<Entry<T>> entries) {
        loop.waits();
        try {
            handler.prepare(entries.stream().map(Entry::event).toList());
            return true;
        } catch (SQLException e) {
            pauses.failed(e);
            giveBack(partition);
            return false;
        } finally {
            loop.works();
        }
    }

    /** Whether the partition is where it should be afterwards; if not, it was given back. */
    private boolean stored(TopicPartition partition, List<Entry<T>> batch, long behind) {
        OffsetLedger.Claim claim = claims.get(partition);
        if (claim == null) {
            return false;
        }
        if (claim.nextOffset() == behind) {
            return true;
        }
        try {
            commit(partition, claim, batch, behind);
            return true;
        } catch (OffsetLedger.FencedException e) {
            log.info("{}: {}", topic.name(), e.getMessage());
            giveBack(partition);
        } catch (SQLException e) {
            if (SqlFaults.ofValues(e)) {
                return storedOneByOne(partition, batch, behind, e);
            }
            pauses.failed(e);
            giveBack(partition);
        } catch (ArithmeticException | UnstorableException e) {
            return storedOneByOne(partition, batch, behind, e);
        }
        return false;
    }

    /** One bad record must not take its neighbours with it. */
    private boolean storedOneByOne(TopicPartition partition, List<Entry<T>> batch, long behind, Exception reason) {
        if (batch.size() == 1) {
            setAside(batch.get(0).source(), DeadLetter.Reason.UNUSABLE, reason);
            return stored(partition, List.of(), behind);
        }
        for (Entry<T> entry : batch) {
            if (!stored(partition, List.of(entry), entry.nextOffset())) {
                return false;
            }
        }
        return stored(partition, List.of(), behind);
    }

    private void commit(TopicPartition partition, OffsetLedger.Claim claim, List<Entry<T>> batch, long behind)
            throws SQLException {
        Timer.Sample started = Timer.start();
        List<T> events = batch.stream().map(Entry::event).toList();
        // However long the database takes, it is not this loop that hangs.
        loop.waits();
        Runnable committed = database.transaction(connection -> {
            OffsetLedger.advance(connection, claim, behind);
            return handler.store(connection, events);
        });
        loop.works();
        started.stop(transactions);
        claims.put(partition, claim.at(behind));
        pauses.answered();
        committed.run();
    }

    private void giveBack(TopicPartition partition) {
        claims.put(partition, null);
        consumer.pause(List.of(partition));
    }
}
