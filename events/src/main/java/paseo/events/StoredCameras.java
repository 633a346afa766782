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

/** The topic {@code cameras} for whoever changes it. No call waits for Kafka for more than ten seconds at a time. */
public final class StoredCameras {
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

    /** The latest record of a key; without a camera nobody can read it, but it is there until it is overwritten. */
    private record Latest(@Nullable Camera camera, int partition) {}

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
        Map<String, Entry> cameras = new TreeMap<>();
        latest().forEach((id, latest) -> {
            if (latest.camera != null) {
                cameras.put(id, new Entry(latest.camera, latest.partition));
            }
        });
        return cameras;
    }

    /**
     * Whether there is anything under an id, be it a camera or what nobody can read.
     *
     * @throws KafkaException if Kafka does not answer
     */
    public boolean knows(String id) {
        return latest().containsKey(id);
    }

    private Map<String, Latest> latest() {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return latest(consumer);
        }
    }

    private static Map<String, Latest> latest(KafkaConsumer<String, byte[]> consumer) {
        Map<String, Latest> latest = new HashMap<>();
        consumer.seekToBeginning(consumer.assignment());
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        PartitionScan.read(consumer, ends, Duration.ofMillis(ANSWER_MS), entry -> take(entry, latest));
        return latest;
    }

    private static void take(ConsumerRecord<String, byte[]> entry, Map<String, Latest> latest) {
        Camera camera = camera(entry);
        boolean elsewhere = Optional.ofNullable(latest.get(entry.key()))
                .filter(known -> known.partition != entry.partition())
                .isPresent();
        if (camera != null) {
            latest.put(entry.key(), new Latest(camera, entry.partition()));
        } else if (entry.value() == null && !elsewhere) {
            latest.remove(entry.key());
        } else if (!elsewhere) {
            latest.put(entry.key(), new Latest(null, entry.partition()));
        }
    }

    /** What nobody can read, or has another's key, is no camera: producers do not watch it either. */
    private static @Nullable Camera camera(ConsumerRecord<String, byte[]> entry) {
        try {
            Camera camera = Topics.CAMERAS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
            return camera != null && camera.id().equals(entry.key()) ? camera : null;
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
            Map<String, Latest> cameras = latest(consumer);
            int partitions = Math.max(1, consumer.assignment().size() - 1);
            partition = Optional.ofNullable(cameras.get(camera.id()))
                    .map(Latest::partition)
                    .orElseGet(() -> emptiest(cameras, partitions));
        }
        send(camera.id(), camera, partition);
    }

    private static int emptiest(Map<String, Latest> cameras, int partitions) {
        Map<Integer, Long> load =
                cameras.values().stream().collect(Collectors.groupingBy(Latest::partition, Collectors.counting()));
        return IntStream.range(0, partitions)
                .boxed()
                .min((one, other) -> Long.compare(load.getOrDefault(one, 0L), load.getOrDefault(other, 0L)))
                .orElse(0);
    }

    /**
     * Takes a camera off the list, or what nobody can read under its id.
     *
     * @return whether there was anything
     * @throws KafkaException if Kafka does not confirm
     */
    public boolean remove(String id) {
        Latest there = latest().get(id);
        if (there == null) {
            return false;
        }
        send(id, null, there.partition);
        return true;
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
