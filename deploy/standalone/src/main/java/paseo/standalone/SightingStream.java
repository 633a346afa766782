package paseo.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.EventFormatException;
import paseo.events.Sighting;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

/** The sightings that come from now on; outside any consumer group. */
final class SightingStream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SightingStream.class);
    private static final Duration REACH = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;

    SightingStream(KafkaConnection kafka) {
        consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.SIGHTINGS.name(), REACH).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Where the end is has to be known before anything can come.
        partitions.forEach(consumer::position);
    }

    /** The next ones; empty when none came for that long. */
    List<Sighting> next(Duration wait) {
        List<Sighting> sightings = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(wait)) {
            try {
                Sighting sighting = Topics.SIGHTINGS.codec().deserialize(entry.topic(), entry.headers(), entry.value());
                if (sighting != null) {
                    sightings.add(sighting);
                }
            } catch (EventFormatException e) {
                log.warn("record {} of {} is no sighting", entry.offset(), entry.topic(), e);
            }
        }
        return sightings;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
