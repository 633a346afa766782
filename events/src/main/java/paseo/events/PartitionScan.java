package paseo.events;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads what partitions hold, and no more. */
public final class PartitionScan {
    private static final Duration POLL = Duration.ofMillis(500);

    private PartitionScan() {}

    /**
     * Reads from where a consumer stands up to given ends.
     *
     * @param consumer that the partitions are assigned to
     * @param ends offset behind the last record to read, of each partition
     * @param patience how long nothing may come. Without this a partition that loses its leader would be waited for
     *     until it has one: polling gives nothing then, and no error.
     * @param reader of each record
     * @throws TimeoutException if nothing came for that long
     */
    public static <K, V> void read(
            Consumer<K, V> consumer,
            Map<TopicPartition, Long> ends,
            Duration patience,
            java.util.function.Consumer<ConsumerRecord<K, V>> reader) {
        long before = -1;
        long since = System.nanoTime();
        while (true) {
            long missing = ends.entrySet().stream()
                    .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                    .sum();
            if (missing == 0) {
                return;
            }
            if (missing != before) {
                before = missing;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos()) {
                throw new TimeoutException(
                        "nothing came for " + patience.toSeconds() + " s of " + missing + " records to be read");
            }
            consumer.poll(POLL).forEach(reader);
        }
    }
}
