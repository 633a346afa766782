package paseo.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import paseo.events.EventFormatException;
import paseo.events.Topic;
import paseo.operations.KafkaConnection;

/** A topic from its beginning as lines of JSON; outside any consumer group, committed records only. */
final class TopicReader implements TailCommand.Lines, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration REACH = Duration.ofSeconds(10);

    private final Topic<?> topic;
    private final String name;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    /**
     * A reader at the beginning of the topic.
     *
     * @param name of the Kafka, for messages
     * @throws Refusal if it cannot be reached or has no such topic
     */
    TopicReader(Topic<?> topic, KafkaConnection kafka, String name) {
        this.topic = topic;
        this.name = name;
        consumer = consumer(kafka, name);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name(), REACH).stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw Refusal.failed(name + " has no topic " + topic.name() + " yet: run a video first", null);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            ends = consumer.endOffsets(partitions, REACH);
        } catch (KafkaException e) {
            consumer.close();
            throw unreachable(e);
        } catch (Refusal e) {
            consumer.close();
            throw e;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection kafka, String name) {
        try {
            return new KafkaConsumer<>(
                    kafka.consumer(Map.of(
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                            "read_committed",
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                            false)),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw Refusal.atStart("cannot use " + name + " (" + rootMessage(e) + ")", e);
        }
    }

    private Refusal unreachable(KafkaException e) {
        return Refusal.atStart("cannot read from " + name + " (" + e.getMessage() + "): is it running?", e);
    }

    private static String rootMessage(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public List<String> next() {
        try {
            List<String> lines = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                lines.add(line(topic, entry));
            }
            return lines;
        } catch (InterruptException e) {
            throw Refusal.failed("interrupted", e);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    private static <T> String line(Topic<T> topic, ConsumerRecord<byte[], byte[]> entry) {
        try {
            T event = topic.codec().deserialize(topic.name(), entry.headers(), entry.value());
            return event == null ? "null" : topic.codec().toJson(event);
        } catch (EventFormatException e) {
            throw Refusal.failed(
                    "record " + entry.offset() + " of partition " + entry.partition() + " of " + topic.name()
                            + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public boolean atEnd() {
        try {
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), REACH) >= end.getValue());
        } catch (InterruptException e) {
            throw Refusal.failed("interrupted", e);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
