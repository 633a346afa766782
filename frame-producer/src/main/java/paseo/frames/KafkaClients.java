package paseo.frames;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import paseo.events.Frame;
import paseo.events.Topics;

/** The producer's connections to Kafka and their settings. */
final class KafkaClients {
    /** Largest picture: a record less what goes around the picture. */
    static final int MAX_JPEG_BYTES = Topics.FRAMES.maxMessageBytes() - (64 << 10);

    private static final int MIB = 1 << 20;
    private static final int ANSWER_MS = 15_000;
    /** Kafka may be away this long without a frame being lost or the run failing. */
    private static final int OUTAGE_MS = 10 * 60_000;

    private KafkaClients() {}

    static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS / 2,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS));
    }

    static KafkaProducer<String, Frame> producer(String bootstrapServers) {
        Map<String, Object> settings = Map.ofEntries(
                Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                // Kafka costs per request: a few pictures share one where they come fast.
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, MIB / 2),
                Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.FRAMES.maxMessageBytes()),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, OUTAGE_MS),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, OUTAGE_MS));
        return new KafkaProducer<>(
                settings, new StringSerializer(), Topics.FRAMES.codec().serializer());
    }
}
