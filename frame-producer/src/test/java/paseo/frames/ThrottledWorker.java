package paseo.frames;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import paseo.events.Detections;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Topics;

/** Takes frames of one partition as the inference workers' group does, at the test's pace, and finds no faces. */
final class ThrottledWorker implements AutoCloseable {
    private final TopicPartition partition;
    private final KafkaConsumer<String, Frame> consumer;
    private final KafkaProducer<String, Detections> producer;
    private final List<Frame> taken = new ArrayList<>();
    private final List<ConsumerRecord<String, Frame>> fetched = new ArrayList<>();
    private long mostWaiting;

    ThrottledWorker(String bootstrapServers, int partition) {
        this.partition = new TopicPartition(Topics.FRAMES.name(), partition);
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        Topics.INFERENCE_GROUP,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                Topics.FRAMES.codec().deserializer());
        consumer.assign(List.of(this.partition));
        producer = new KafkaProducer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringSerializer(),
                Topics.DETECTIONS.codec().serializer());
    }

    /** Takes up to so many records, hands them on and commits them. */
    void take(int records) {
        fill(records);
        List<ConsumerRecord<String, Frame>> now = List.copyOf(fetched.subList(0, Math.min(records, fetched.size())));
        fetched.subList(0, now.size()).clear();
        now.forEach(this::handOn);
        producer.flush();
        if (!now.isEmpty()) {
            long next = now.get(now.size() - 1).offset() + 1;
            noteBacklog(now.get(0).offset());
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
        }
    }

    private void fill(int records) {
        if (fetched.size() < records) {
            consumer.poll(Duration.ofMillis(20)).forEach(fetched::add);
        }
    }

    private void noteBacklog(long committed) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        mostWaiting = Math.max(mostWaiting, end - committed);
    }

    private void handOn(ConsumerRecord<String, Frame> record) {
        Frame frame = record.value();
        taken.add(frame);
        Detections.Content content = frame.content() instanceof Heartbeat heartbeat
                ? heartbeat
                : new Detections.Faces("test@1", 4, 64, 64, List.of());
        var unused = producer.send(new ProducerRecord<>(
                Topics.DETECTIONS.name(),
                partition.partition(),
                record.key(),
                new Detections(frame.reference(), content)));
    }

    /** Everything taken, in order. */
    List<Frame> taken() {
        return taken;
    }

    /** The largest number of records in the log that were not committed, seen before each commit. */
    long mostWaiting() {
        return mostWaiting;
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }
}
