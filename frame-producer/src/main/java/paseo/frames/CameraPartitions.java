package paseo.frames;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import paseo.events.PartitionScan;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** Which partitions cameras are on: files keep away from them where they can. */
final class CameraPartitions {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private CameraPartitions() {}

    static Set<Integer> read(KafkaConnection kafka, int partitionCount) {
        Map<String, Integer> cameras = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = IntStream.range(0, partitionCount)
                    .mapToObj(number -> new TopicPartition(Topics.CAMERAS.name(), number))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            PartitionScan.read(consumer, ends, PATIENCE, entry -> {
                if (entry.value() == null) {
                    cameras.remove(entry.key());
                } else {
                    cameras.put(entry.key(), entry.partition());
                }
            });
        }
        return cameras.values().stream().collect(Collectors.toUnmodifiableSet());
    }

    private static KafkaConsumer<String, byte[]> consumer(KafkaConnection kafka) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false, ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int)
                        PATIENCE.toMillis());
        return new KafkaConsumer<>(kafka.consumer(settings), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
