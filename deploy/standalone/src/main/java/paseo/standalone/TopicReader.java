package paseo.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
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

/**
 * A topic from its beginning as lines of JSON; outside any consumer group, committed records only. What cannot be read
 * is told, and what comes behind it is read.
 */
final class TopicReader implements TailCommand.Lines, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration REACH = Duration.ofSeconds(10);

    private final Topic<?> topic;
    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private final java.util.function.Consumer<String> complaints;
    private final Map<TopicPartition, Long> ends;
    private boolean complete = true;

    /**
     * A reader at the beginning of the topic.
     *
     * @param name of the Kafka, for messages
     * @param complaints where it is told what cannot be read
     * @throws Refusal if it cannot be reached or has no such topic
     */
    TopicReader(Topic<?> topic, KafkaConnection kafka, String name, java.util.function.Consumer<String> complaints) {
        this(topic, consumer(kafka, name), name, complaints);
    }

    /** The same over a consumer, which is closed with it. */
    TopicReader(
            Topic<?> topic,
            Consumer<byte[], byte[]> consumer,
            String name,
            java.util.function.Consumer<String> complaints) {
        this.topic = topic;
        this.consumer = consumer;
        this.name = name;
        this.complaints = complaints;
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
            throw unreachable(name, e);
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

    private static Refusal unreachable(String name, KafkaException e) {
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
                line(topic, entry).ifPresent(lines::add);
            }
            return lines;
        } catch (InterruptException e) {
            throw Refusal.failed("interrupted", e);
        } catch (KafkaException e) {
            throw unreachable(name, e);
        }
    }

    private <T> Optional<String> line(Topic<T> topic, ConsumerRecord<byte[], byte[]> entry) {
        try {
            T event = topic.codec().deserialize(topic.name(), entry.headers(), entry.value());
            return Optional.of(event == null ? "null" : topic.codec().toJson(event));
        } catch (EventFormatException e) {
            complete = false;
            complaints.accept("paseo: record " + entry.offset() + " of partition " + entry.partition() + " of "
                    + topic.name() + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public boolean atEnd() {
        try {
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), REACH) >= end.getValue());
        } catch (InterruptException e) {
            throw Refusal.failed("interrupted", e);
        } catch (KafkaException e) {
            throw unreachable(name, e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
