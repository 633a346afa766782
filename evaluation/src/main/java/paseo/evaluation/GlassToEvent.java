package paseo.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import paseo.events.Detections;
import paseo.events.Frame;
import paseo.events.Image;
import paseo.events.Sequence;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.events.Topics;

/**
 * How long after a camera's picture was taken its effect is there for a reader of each topic on the same machine, in
 * milliseconds. Of sequences only their opening counts, of sightings only the first decision on each; both are dated by
 * the latest picture that they know of.
 */
final class GlassToEvent implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final List<Topic<?>> TOPICS =
            List.of(Topics.FRAMES, Topics.DETECTIONS, Topics.SEQUENCES, Topics.SIGHTINGS);

    private final Map<Topic<?>, List<Double>> milliseconds = new LinkedHashMap<>();
    private final KafkaConsumer<byte[], byte[]> consumer;

    GlassToEvent(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic<?> topic : TOPICS) {
            milliseconds.put(topic, new ArrayList<>());
            consumer.partitionsFor(topic.name())
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
    }

    /** Reads for so long. */
    void read(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Topic<?> topic = Topics.named(record.topic()).orElseThrow();
                double now = System.currentTimeMillis();
                captured(topic.codec().deserialize(record.topic(), record.headers(), record.value()))
                        .ifPresent(taken -> times(topic).add(now - taken));
            }
        }
    }

    private List<Double> times(Topic<?> topic) {
        return milliseconds.computeIfAbsent(topic, first -> new ArrayList<>());
    }

    /** When the picture was taken that brought this about, in ms since 1970; empty for what is not of interest. */
    private static OptionalDouble captured(@Nullable Object event) {
        if (event instanceof Frame frame && frame.content() instanceof Image) {
            return OptionalDouble.of(frame.reference().captureTimeMicros() / 1e3);
        }
        if (event instanceof Detections detections && detections.content() instanceof Detections.Faces) {
            return OptionalDouble.of(detections.reference().captureTimeMicros() / 1e3);
        }
        if (event instanceof Sequence sequence && sequence.phase() == Sequence.Phase.OPENED) {
            return OptionalDouble.of(sequence.timeMicros() / 1e3);
        }
        if (event instanceof Sighting sighting && sighting.provisional() && sighting.revision() == 0) {
            return OptionalDouble.of(sighting.endSeconds() * 1e3);
        }
        return OptionalDouble.empty();
    }

    /** By topic in the order of the flow; a topic without events has no times. */
    Map<String, Times> times() {
        Map<String, Times> all = new LinkedHashMap<>();
        milliseconds.forEach((topic, times) -> all.put(topic.name(), Times.of(times)));
        return all;
    }

    /**
     * @param events how many
     * @param p50 half of them are there by then, ms; NaN where there are none
     * @param p95 95 of 100 are
     */
    record Times(int events, double p50, double p95) {
        static Times of(List<Double> times) {
            double[] sorted =
                    times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return new Times(sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.95));
        }

        /** The nearest rank. */
        private static double quantile(double[] sorted, double share) {
            int rank = (int) Math.ceil(share * sorted.length);
            return Arrays.stream(sorted).skip(Math.max(0, rank - 1)).findFirst().orElse(Double.NaN);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
