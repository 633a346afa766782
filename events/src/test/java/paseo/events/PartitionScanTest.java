package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PartitionScanTest {
    private static final TopicPartition PARTITION = new TopicPartition("cameras", 0);

    private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
    private final List<String> read = new ArrayList<>();

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    }

    @Test
    void readsWhatWasThereHoweverManyPollsItTakes() {
        consumer.schedulePollTask(() -> add(0, "a"));
        consumer.schedulePollTask(() -> {});
        consumer.schedulePollTask(() -> add(1, "b"));
        PartitionScan.read(consumer, Map.of(PARTITION, 2L), Duration.ofSeconds(10), entry -> read.add(entry.value()));
        assertThat(read).containsExactly("a", "b");
    }

    @Test
    @Tag("fault")
    @DisplayName("row 12: a partition that loses its leader while it is read is not waited for without end")
    void givesUpWhenNothingComes() {
        consumer.schedulePollTask(() -> add(0, "a"));
        assertThatThrownBy(() -> PartitionScan.read(
                        consumer, Map.of(PARTITION, 2L), Duration.ofMillis(50), entry -> read.add(entry.value())))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 records");
        assertThat(read).containsExactly("a");
    }

    private void add(long offset, String value) {
        consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, "key", value));
    }
}
