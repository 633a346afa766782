package paseo.events;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The topic {@code cameras} for whoever changes it. Every call asks Kafka, for ten seconds at most. */
public final class StoredCameras {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int ANSWER_MS = 10_000;

    private final Map<String, Object> consumerSettings;
    private final Map<String, Object> producerSettings;

    /**
     * A camera of the topic.
     *
     * @param camera what is to be watched
     * @param partition that it is on
     */
    public record Entry(Camera camera, int partition) {}

    /** @param consumer and producer: settings of Kafka's clients, without serializers */
    public StoredCameras(Map<String, Object> consumer, Map<String, Object> producer) {
        consumerSettings = new HashMap<>(consumer);
        consumerSettings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerSettings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS);
        producerSettings = new HashMap<>(producer);
        producerSettings.put(ProducerConfig.ACKS_CONFIG, "all");
        producerSettings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS);
        producerSettings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS / 2);
        producerSettings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ANSWER_MS);
    }

    /**
     * All cameras by id.
     *
     * @throws KafkaException if Kafka does not answer
     */
    public Map<String, Entry> read() {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return read(consumer);
        }
    }

    private static Map<String, Entry> read(KafkaConsumer<String, byte[]> consumer) {
        Map<String, Entry> cameras = new TreeMap<>();
        consumer.seekToBeginning(consumer.assignment());
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(entry -> take(entry, cameras));
        }
        return cameras;
    }

    private static void take(ConsumerRecord<String, byte[]> entry, Map<String, Entry> cameras) {
        Camera camera = camera(entry);
        if (camera != null) {
            cameras.put(entry.key(), new Entry(camera, entry.partition()));
        } else {
            cameras.computeIfPresent(entry.key(), (id, known) -> known.partition() == entry.partition() ? null : known);
        }
    }

    /** What nobody can read is no camera: producers do not watch it either. */
    private static @Nullable Camera camera(ConsumerRecord<String, byte[]> entry) {
        try {
            return Topics.CAMERAS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
        } catch (EventFormatException e) {
            return null;
        }
    }

    /**
     * Stores a camera: where it is already, else on the partition with the fewest cameras that is not the files'.
     *
     * @throws KafkaException if Kafka does not confirm
     */
    public void put(Camera camera) {
        int partition;
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            Map<String, Entry> cameras = read(consumer);
            int partitions = Math.max(1, consumer.assignment().size() - 1);
            partition = Optional.ofNullable(cameras.get(camera.id()))
                    .map(Entry::partition)
                    .orElseGet(() -> emptiest(cameras, partitions));
        }
        send(camera.id(), camera, partition);
    }

    private static int emptiest(Map<String, Entry> cameras, int partitions) {
        Map<Integer, Long> load =
                cameras.values().stream().collect(Collectors.groupingBy(Entry::partition, Collectors.counting()));
        return IntStream.range(0, partitions)
                .boxed()
                .min((one, other) -> Long.compare(load.getOrDefault(one, 0L), load.getOrDefault(other, 0L)))
                .orElse(0);
    }

    /**
     * Takes a camera off the list.
     *
     * @throws KafkaException if Kafka does not confirm
     */
    public void remove(Entry entry) {
        send(entry.camera().id(), null, entry.partition());
    }

    private void send(String id, @Nullable Camera camera, int partition) {
        try (KafkaProducer<String, Camera> producer = new KafkaProducer<>(
                producerSettings, new StringSerializer(), Topics.CAMERAS.codec().serializer())) {
            producer.send(new ProducerRecord<>(Topics.CAMERAS.name(), partition, id, camera))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the camera was not stored: " + e.getCause(), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(consumerSettings, new StringDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(Objects.requireNonNull(consumer.partitionsFor(Topics.CAMERAS.name())).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList());
            return consumer;
        } catch (KafkaException e) {
            consumer.close();
            throw e;
        }
    }
}
