package paseo.standalone;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import paseo.events.Camera;
import paseo.events.EventFormatException;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.PartitionScan;
import paseo.events.StoredCameras;
import paseo.events.StoredCameras.Entry;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** The topic {@code cameras} for people: what is to be watched, and how it is. */
final class CameraList {
    /** A camera that has given no sign of life for so long is not watched. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private static final int ANSWER_MS = 10_000;

    private final KafkaConnection kafka;
    private final StoredCameras stored;

    CameraList(KafkaConnection kafka) {
        this.kafka = kafka;
        stored = new StoredCameras(kafka.consumer(Map.of()), kafka.producer(Map.of()));
    }

    /** All cameras by id. */
    Map<String, Entry> read() {
        return stored.read();
    }

    /** The last sign of life of each camera that gives one. */
    Map<String, Heartbeat> heartbeats() {
        Map<String, Heartbeat> latest = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(Topics.FRAMES)) {
            long since = System.currentTimeMillis() - SILENCE.toMillis();
            Map<TopicPartition, @Nullable OffsetAndTimestamp> starts =
                    consumer.offsetsForTimes(consumer.assignment().stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> since)));
            starts.forEach((partition, start) -> {
                if (start == null) {
                    consumer.seekToEnd(List.of(partition));
                } else {
                    consumer.seek(partition, start.offset());
                }
            });
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            PartitionScan.read(consumer, ends, Duration.ofMillis(ANSWER_MS), entry -> {
                Frame frame = frame(entry);
                if (frame != null && frame.content() instanceof Heartbeat heartbeat) {
                    if (heartbeat.state().last()) {
                        latest.remove(frame.reference().camera());
                    } else {
                        latest.put(frame.reference().camera(), heartbeat);
                    }
                }
            });
        }
        return latest;
    }

    /** What nobody can read is no sign of life. */
    private static @Nullable Frame frame(ConsumerRecord<String, byte[]> entry) {
        try {
            return Topics.FRAMES.codec().deserialize(entry.topic(), entry.headers(), entry.value());
        } catch (EventFormatException e) {
            return null;
        }
    }

    /** Stores a camera or changes one, which stays paused if it is, and gives what is stored. */
    Camera store(Camera camera) {
        Entry there = read().get(camera.id());
        Camera stored = camera.withPaused(there != null && there.camera().paused());
        put(stored);
        return stored;
    }

    /** Puts a camera in the place of what is under its id. */
    void put(Camera camera) {
        stored.put(camera);
    }

    /** Removes what is under an id; tells whether there was anything. */
    boolean remove(String id) {
        return stored.remove(id);
    }

    private KafkaConsumer<String, byte[]> consumer(Topic<?> topic) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        ANSWER_MS)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(Objects.requireNonNull(consumer.partitionsFor(topic.name())).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
        return consumer;
    }
}
