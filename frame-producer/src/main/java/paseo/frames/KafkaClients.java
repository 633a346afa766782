package paseo.frames;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.TraceParent;

/** The producer's connections to Kafka and their settings. */
final class KafkaClients {
    /** Largest picture: a record less what goes around the picture. */
    static final int MAX_JPEG_BYTES = Topics.FRAMES.maxMessageBytes() - (64 << 10);

    private static final int MIB = 1 << 20;
    private static final int ANSWER_MS = 15_000;
    private static final int LIVE_BLOCK_MS = 100;
    private static final int LIVE_REQUEST_MS = 1_500;
    private static final int LIVE_DELIVERY_MS = 2_000;
    private static final int CAMERA_SESSION_MS = 6_000;
    /**
     * Kafka may be away this long while a file is sent without the run failing; what it has sent by then is not lost.
     */
    static final Duration OUTAGE = Duration.ofMinutes(10);

    private KafkaClients() {}

    static Admin admin(KafkaConnection kafka) {
        return Admin.create(kafka.admin(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                ANSWER_MS / 2,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ANSWER_MS)));
    }

    /** A frame as it is sent, the beginning of its trace. */
    static ProducerRecord<String, Frame> record(int partition, Frame frame) {
        FrameReference reference = frame.reference();
        ProducerRecord<String, Frame> entry =
                new ProducerRecord<>(Topics.FRAMES.name(), partition, reference.camera(), frame);
        TraceParent.ofName(
                entry.headers(), "capture", reference.camera() + "/" + reference.epoch() + "/" + reference.number());
        return entry;
    }

    /** For live frames: nothing waits long, least of all the cameras for Kafka. */
    static KafkaProducer<String, Frame> liveProducer(KafkaConnection kafka) {
        Map<String, Object> settings = Map.ofEntries(
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, MIB / 2),
                Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.FRAMES.maxMessageBytes()),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIVE_BLOCK_MS),
                Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, LIVE_REQUEST_MS),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, LIVE_DELIVERY_MS));
        return new KafkaProducer<>(
                kafka.producer(settings),
                new StringSerializer(),
                Topics.FRAMES.codec().serializer());
    }

    /** A member that died is noticed in six seconds, the least that brokers allow by default. */
    static KafkaConsumer<String, byte[]> cameraConsumer(KafkaConnection kafka) {
        return new KafkaConsumer<>(cameraSettings(kafka), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** After how long the group gives a silent producer's cameras to others: an operator's brokers may ask for more. */
    static Duration cameraSession(KafkaConnection kafka) {
        String name = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
        Object millis = ConfigDef.parseType(name, cameraSettings(kafka).get(name), ConfigDef.Type.INT);
        return Duration.ofMillis((int) millis);
    }

    private static Map<String, Object> cameraSettings(KafkaConnection kafka) {
        return kafka.consumer(Map.ofEntries(
                Map.entry(ConsumerConfig.GROUP_ID_CONFIG, Topics.CAMERA_GROUP),
                Map.entry(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName()),
                Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, CAMERA_SESSION_MS),
                Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, CAMERA_SESSION_MS / 6),
                Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 5 * CAMERA_SESSION_MS),
                Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)));
    }

    static KafkaProducer<String, Frame> producer(KafkaConnection kafka) {
        Map<String, Object> settings = Map.ofEntries(
                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"),
                // Kafka costs per request: a few pictures share one where they come fast.
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, MIB / 2),
                Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.FRAMES.maxMessageBytes()),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) OUTAGE.toMillis()),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) OUTAGE.toMillis()));
        return new KafkaProducer<>(
                kafka.producer(settings),
                new StringSerializer(),
                Topics.FRAMES.codec().serializer());
    }
}
