package paseo.inference;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import paseo.events.Detections;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** The worker's connections to Kafka and their settings. */
final class KafkaClients {
    private static final int MIB = 1 << 20;
    private static final int ANSWER_MS = 15_000;
    /** Kafka may be away this long without the worker failing. */
    private static final int OUTAGE_MS = 10 * 60_000;

    private KafkaClients() {}

    static Admin admin(KafkaConnection kafka) {
        return Admin.create(kafka.admin(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                ANSWER_MS / 2,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ANSWER_MS)));
    }

    /** Values stay bytes: a record that is no frame must not stop the consumer. */
    static KafkaConsumer<String, byte[]> consumer(KafkaConnection kafka, int maxRecords) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                Topics.INFERENCE_GROUP,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                // A file's frames may have been there before the first worker.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                maxRecords,
                // A batch of large pictures in one answer.
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                8 * MIB);
        return new KafkaConsumer<>(kafka.consumer(settings), new StringDeserializer(), new ByteArrayDeserializer());
    }

    static KafkaProducer<String, Detections> producer(KafkaConnection kafka) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // Embeddings and JPEG do not get smaller.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                // A batch is flushed at once: waiting for more would only delay it.
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.BATCH_SIZE_CONFIG,
                MIB / 2,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Topics.DETECTIONS.maxMessageBytes(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                OUTAGE_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                OUTAGE_MS);
        return new KafkaProducer<>(
                kafka.producer(settings),
                new StringSerializer(),
                Topics.DETECTIONS.codec().serializer());
    }
}
