package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/**
 * Deletes from the topics that carry faces what an erasure has made to be deleted: everything up to their ends as of
 * then, each part as soon as whoever must read it has done so. What is deleted can be read by nobody from then on; the
 * files go when Kafka next begins new ones, within the hour where cameras send.
 *
 * <p>A topic can only be deleted from its beginning. Therefore others' records go with those of who is erased, and a
 * database that is restored from a copy finds on the topics only what came since.
 */
final class TopicPurge {
    private static final List<Topic<?>> READ = List.of(Topics.FRAMES, Topics.DETECTIONS, Topics.SEQUENCES);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Admin admin;
    private final KafkaConnection kafka;

    TopicPurge(Admin admin, KafkaConnection kafka) {
        this.admin = admin;
        this.kafka = kafka;
    }

    /** Whether there is anything to do now. */
    static boolean due(Connection connection) throws SQLException {
        return Sql.one(
                connection,
                "SELECT EXISTS (SELECT FROM topic_wish WHERE due <= now()) OR EXISTS (SELECT FROM topic_purge)",
                row -> row.getBoolean(1));
    }

    /**
     * Notes how far the topics reach, where that is wished, and deletes what can be by now; gives the number of
     * partitions from which more is to be deleted.
     *
     * @throws ExecutionException if Kafka does not do it; the cause says why
     */
    int round(Connection connection) throws SQLException, ExecutionException, InterruptedException {
        List<Long> due =
                Sql.query(connection, "SELECT id FROM topic_wish WHERE due <= now() FOR UPDATE", row -> row.getLong(1));
        if (!due.isEmpty()) {
            note(connection);
            Sql.update(connection, "DELETE FROM topic_wish WHERE id = ANY (?)", (Object) due.toArray(Long[]::new));
        }
        Map<TopicPartition, Long> wanted = wanted(connection);
        Map<TopicPartition, Long> starts = offsets(wanted.keySet(), OffsetSpec.earliest());
        Map<TopicPartition, Long> consumed = consumed(connection, wanted);
        int left = 0;
        Map<TopicPartition, RecordsToDelete> deletable = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> want : wanted.entrySet()) {
            long until = Math.min(want.getValue(), consumed.getOrDefault(want.getKey(), 0L));
            if (until > starts.getOrDefault(want.getKey(), 0L)) {
                deletable.put(want.getKey(), RecordsToDelete.beforeOffset(until));
            }
            left += until < want.getValue() && starts.getOrDefault(want.getKey(), 0L) < want.getValue() ? 1 : 0;
        }
        admin.deleteRecords(deletable).all().get();
        forget(connection, offsets(wanted.keySet(), OffsetSpec.earliest()));
        return left;
    }

    private void note(Connection connection) throws SQLException, ExecutionException, InterruptedException {
        List<String> names = Topics.withFaces().stream().map(Topic::name).toList();
        List<TopicPartition> partitions = admin.describeTopics(names).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        for (Map.Entry<TopicPartition, Long> end :
                offsets(partitions, OffsetSpec.latest()).entrySet()) {
            if (end.getValue() > 0) {
                Sql.update(
                        connection,
                        "INSERT INTO topic_purge AS p VALUES (?, ?, ?)"
                                + " ON CONFLICT (topic, partition) DO UPDATE SET before = excluded.before",
                        end.getKey().topic(),
                        end.getKey().partition(),
                        end.getValue());
            }
        }
    }

    private static Map<TopicPartition, Long> wanted(Connection connection) throws SQLException {
        record Want(TopicPartition partition, long before) {}
        return Sql.query(
                        connection,
                        "SELECT topic, partition, before FROM topic_purge",
                        row -> new Want(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3)))
                .stream()
                .collect(Collectors.toMap(Want::partition, Want::before));
    }

    private static void forget(Connection connection, Map<TopicPartition, Long> starts) throws SQLException {
        for (Map.Entry<TopicPartition, Long> start : starts.entrySet()) {
            Sql.update(
                    connection,
                    "DELETE FROM topic_purge WHERE topic = ? AND partition = ? AND before <= ?",
                    start.getKey().topic(),
                    start.getKey().partition(),
                    start.getValue());
        }
    }

    private Map<TopicPartition, Long> offsets(Iterable<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        return asked.isEmpty()
                ? Map.of()
                : admin.listOffsets(asked).all().get().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, offset -> offset(offset.getValue())));
    }

    private static long offset(ListOffsetsResultInfo info) {
        return info.offset();
    }

    /** Before which offset everybody has read what is wanted to go. Dead letters are read by people, who come late. */
    private Map<TopicPartition, Long> consumed(Connection connection, Map<TopicPartition, Long> wanted)
            throws SQLException, ExecutionException, InterruptedException {
        Map<TopicPartition, Long> consumed = new HashMap<>();
        if (wanted.keySet().stream().anyMatch(partition -> isOf(partition, READ))) {
            Map<TopicPartition, Long> workers = committed(Topics.INFERENCE_GROUP);
            Map<TopicPartition, Long> trackers = committed(Topics.TRACKER_GROUP);
            Map<TopicPartition, Long> stored = stored(connection);
            for (Map.Entry<TopicPartition, Long> want : wanted.entrySet()) {
                TopicPartition partition = want.getKey();
                long matched = stored.getOrDefault(partition, 0L);
                if (partition.topic().equals(Topics.FRAMES.name())) {
                    consumed.put(partition, workers.getOrDefault(partition, 0L));
                } else if (partition.topic().equals(Topics.DETECTIONS.name())) {
                    consumed.put(partition, Math.min(matched, trackers.getOrDefault(partition, 0L)));
                } else if (partition.topic().equals(Topics.SEQUENCES.name())) {
                    consumed.put(
                            partition,
                            nothingBetween(partition, matched, want.getValue()).orElse(matched));
                }
            }
        }
        wanted.forEach(consumed::putIfAbsent);
        return consumed;
    }

    private static boolean isOf(TopicPartition partition, List<Topic<?>> topics) {
        return topics.stream().anyMatch(topic -> topic.name().equals(partition.topic()));
    }

    private Map<TopicPartition, Long> committed(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : offsets.entrySet()) {
            Optional.ofNullable(entry.getValue()).ifPresent(offset -> committed.put(entry.getKey(), offset.offset()));
        }
        return committed;
    }

    /** Where the matchers stand on the topics as they are now. */
    private Map<TopicPartition, Long> stored(Connection connection)
            throws SQLException, ExecutionException, InterruptedException {
        Map<TopicPartition, Long> stored = new HashMap<>();
        List<String> names = List.of(Topics.DETECTIONS.name(), Topics.SEQUENCES.name());
        for (TopicDescription topic :
                admin.describeTopics(names).allTopicNames().get().values()) {
            Uuid id = topic.topicId();
            Sql.query(
                            connection,
                            "SELECT partition, next_offset FROM consumed_offset WHERE topic_id = ?",
                            row -> Map.entry(new TopicPartition(topic.name(), row.getInt(1)), row.getLong(2)),
                            new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()))
                    .forEach(entry -> stored.put(entry.getKey(), entry.getValue()));
        }
        return stored;
    }

    /**
     * Behind the last record of a transaction stands a mark that takes an offset and is no record: the end, where
     * nothing else lies in between.
     */
    private Optional<Long> nothingBetween(TopicPartition partition, long from, long to) {
        if (from >= to) {
            return Optional.empty();
        }
        Map<String, Object> settings = Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.consumer(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long deadline = System.nanoTime() + LOOK.toNanos();
            while (consumer.position(partition) < to && System.nanoTime() < deadline) {
                if (!consumer.poll(POLL).isEmpty()) {
                    return Optional.empty();
                }
            }
            return consumer.position(partition) >= to ? Optional.of(to) : Optional.empty();
        }
    }
}
