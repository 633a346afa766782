package paseo.standalone;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import paseo.events.Camera;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** The topic {@code cameras} for people: what is to be watched, and how it is. */
final class CameraList {
    /** A camera that has given no sign of life for so long is not watched. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ANSWER_MS = 10_000;

    /**
     * A camera of the list.
     *
     * @param camera what is to be watched
     * @param partition that it is on
     */
    record Entry(Camera camera, int partition) {}

    private final KafkaConnection kafka;

    CameraList(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** All cameras by id. */
    Map<String, Entry> read() {
        Map<String, Entry> cameras = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(Topics.CAMERAS)) {
            consumer.seekToBeginning(consumer.assignment());
            toTheEnd(consumer, entry -> {
                Camera camera = Topics.CAMERAS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
                if (camera == null) {
                    cameras.remove(entry.key());
                } else {
                    cameras.put(entry.key(), new Entry(camera, entry.partition()));
                }
            });
        }
        return cameras;
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
            toTheEnd(consumer, entry -> {
                Frame frame = Topics.FRAMES.codec().deserialize(entry.topic(), entry.headers(), entry.value());
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

    /** Stores a camera: where it is already, else on the partition with the fewest cameras that is not the files'. */
    void put(Camera camera) {
        Map<String, Entry> cameras = read();
        Optional<Integer> known = Optional.ofNullable(cameras.get(camera.id())).map(Entry::partition);
        send(camera.id(), camera, known.orElseGet(() -> emptiest(cameras)));
    }

    void remove(Entry entry) {
        send(entry.camera().id(), null, entry.partition());
    }

    private int emptiest(Map<String, Entry> cameras) {
        int partitions;
        try (KafkaConsumer<String, byte[]> consumer = consumer(Topics.CAMERAS)) {
            partitions = Math.max(1, consumer.assignment().size() - 1);
        }
        Map<Integer, Long> load =
                cameras.values().stream().collect(Collectors.groupingBy(Entry::partition, Collectors.counting()));
        return IntStream.range(0, partitions)
                .boxed()
                .min((one, other) -> Long.compare(load.getOrDefault(one, 0L), load.getOrDefault(other, 0L)))
                .orElse(0);
    }

    private void send(String id, @Nullable Camera camera, int partition) {
        Map<String, Object> settings = kafka.producer(
                Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS));
        try (KafkaProducer<String, Camera> producer = new KafkaProducer<>(
                settings, new StringSerializer(), Topics.CAMERAS.codec().serializer())) {
            producer.send(new ProducerRecord<>(Topics.CAMERAS.name(), partition, id, camera))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the camera was not stored: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted", e);
        }
    }

    private static void toTheEnd(
            KafkaConsumer<String, byte[]> consumer, Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(reader);
        }
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
