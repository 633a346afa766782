package paseo.inference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import paseo.events.Frame;
import paseo.events.Image;

/** Records that are looked at together. */
final class FrameBatch {
    /**
     * A record of the batch.
     *
     * @param frame null where the record is no frame
     * @param condemned whether it is not to be looked at, because that has killed workers
     */
    record Entry(
            ConsumerRecord<String, byte[]> record, @Nullable Frame frame, boolean condemned) {
        TopicPartition partition() {
            return new TopicPartition(record.topic(), record.partition());
        }
    }

    private final List<Entry> entries;

    FrameBatch() {
        this(new ArrayList<>());
    }

    private FrameBatch(List<Entry> entries) {
        this.entries = entries;
    }

    void add(ConsumerRecord<String, byte[]> record, @Nullable Frame frame) {
        entries.add(new Entry(record, frame, false));
    }

    /** Forgets what belongs to partitions that another worker takes over: it will read it again. */
    void forget(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new HashSet<>(partitions);
        entries.removeIf(entry -> gone.contains(entry.partition()));
    }

    /** The same records, none of which is to be looked at. */
    FrameBatch condemned() {
        return new FrameBatch(entries.stream()
                .map(entry -> new Entry(entry.record(), entry.frame(), true))
                .toList());
    }

    /** Whether there is a picture of a camera in it. */
    boolean live() {
        return entries.stream()
                .map(Entry::frame)
                .anyMatch(frame -> frame != null && frame.content() instanceof Image image && image.live());
    }

    /** The first records, so many at most. */
    FrameBatch first(int records) {
        return new FrameBatch(List.copyOf(entries.subList(0, Math.min(records, entries.size()))));
    }

    /** What comes behind so many records. */
    FrameBatch after(int records) {
        return new FrameBatch(List.copyOf(entries.subList(records, entries.size())));
    }

    int size() {
        return entries.size();
    }

    /** In the order of arrival, which per partition is the order of the partition. */
    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The offsets to commit once all of this is done. */
    Map<TopicPartition, OffsetAndMetadata> ends() {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        entries.forEach(entry ->
                ends.put(entry.partition(), new OffsetAndMetadata(entry.record().offset() + 1)));
        return ends;
    }
}
