package paseo.frames;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Detections;
import paseo.events.EventFormatException;
import paseo.events.PartitionScan;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** Reads the end of {@code detections}: which sessions the workers have seen lately, and how far. */
final class DetectionsTail {
    /** An interrupted session is the last thing on its partition; this many records hold a good hour of ended ones. */
    static final long RECORDS_PER_PARTITION = 20_000;

    private static final Logger log = LoggerFactory.getLogger(DetectionsTail.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private DetectionsTail() {}

    static Map<Session, SessionProgress> read(KafkaConnection kafka, int partitionCount) {
        Map<Session, SessionProgress> sessions = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = IntStream.range(0, partitionCount)
                    .mapToObj(number -> new TopicPartition(Topics.DETECTIONS.name(), number))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) -> consumer.seek(
                    partition, Math.max(starts.getOrDefault(partition, 0L), end - RECORDS_PER_PARTITION)));
            PartitionScan.read(consumer, ends, PATIENCE, record -> add(record, sessions));
        }
        return sessions;
    }

    private static void add(ConsumerRecord<String, byte[]> record, Map<Session, SessionProgress> sessions) {
        try {
            Detections detections =
                    Topics.DETECTIONS.codec().deserialize(record.topic(), record.headers(), record.value());
            if (detections == null) {
                return;
            }
            Session session = new Session(
                    detections.reference().camera(), detections.reference().epoch());
            SessionProgress before = sessions.get(session);
            sessions.put(
                    session,
                    before == null ? SessionProgress.of(record.partition(), detections) : before.and(detections));
        } catch (EventFormatException e) {
            log.warn(
                    "{}-{} offset {} is not readable and says nothing about a session: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(KafkaConnection kafka) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
        return new KafkaConsumer<>(kafka.consumer(settings), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
