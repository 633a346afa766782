package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import paseo.events.Camera;
import paseo.events.Topics;

@Timeout(30)
class TailCommandTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, false, StandardCharsets.UTF_8);

    @Test
    void printsWhatIsThereAndEnds() {
        Batches lines = new Batches(List.of(List.of("a", "b"), List.of(), List.of("c"), List.of()));
        assertThat(TailCommand.print(lines, false, () -> true, out)).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nc\n");
    }

    @Test
    void aWatchThatEndsWhenEverythingIsReadIsNoFault() {
        assertThat(TailCommand.print(new Batches(List.of(List.of("a"), List.of())), false, () -> false, out))
                .isTrue();
    }

    /** Kafka's client waits for a broker that is gone, and says nothing of it. */
    @Test
    void aWatchThatEndsIsToldWhetherMoreIsWaitedForOrNot() {
        for (boolean follow : List.of(true, false)) {
            Batches lines = new Batches(List.of(List.of("a"), List.of(), List.of()));
            lines.more = true;
            assertThatThrownBy(() -> TailCommand.print(lines, follow, () -> lines.left() > 1, out))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("has ended: start the command again");
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: a record that nobody can read is told, and those behind it are printed")
    void goesOnBehindWhatCannotBeRead() {
        TopicPartition partition = new TopicPartition(Topics.CAMERAS.name(), 0);
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.updatePartitions(
                partition.topic(), List.of(new PartitionInfo(partition.topic(), 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, 3L));
        List<String> told = new ArrayList<>();
        try (TopicReader reader = new TopicReader(Topics.CAMERAS, consumer, "a Kafka", told::add)) {
            byte[][] values = {camera("gate"), {-1, -1}, camera("yard")};
            for (int i = 0; i < values.length; i++) {
                consumer.addRecord(new ConsumerRecord<>(partition.topic(), 0, i, new byte[0], values[i]));
            }
            assertThat(TailCommand.print(reader, false, () -> true, out)).isTrue();
            assertThat(reader.complete()).isFalse();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"id\":\"gate\""),
                        line -> assertThat(line).contains("\"id\":\"yard\""));
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("paseo: record 1 of partition 0 of cameras cannot be read: ");
    }

    private static byte[] camera(String id) {
        return Topics.CAMERAS.codec().encode(new Camera(id, "rtsp://host/1", 0, 0, Optional.empty(), 0, false));
    }

    @Test
    void saysThatOutputWasNotTaken() {
        PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                true,
                StandardCharsets.UTF_8);
        assertThat(TailCommand.print(new Batches(List.of(List.of("a"))), true, () -> true, full))
                .isFalse();
    }

    /** Hands batches out; empty ones for ever after. */
    private static final class Batches implements TailCommand.Lines {
        private final Deque<List<String>> batches;
        private boolean more;

        @Override
        public boolean complete() {
            return true;
        }

        Batches(List<List<String>> batches) {
            this.batches = new ArrayDeque<>(batches);
        }

        int left() {
            return batches.size();
        }

        @Override
        public List<String> next() {
            return batches.isEmpty() ? List.of() : batches.remove();
        }

        @Override
        public boolean atEnd() {
            return batches.isEmpty() && !more;
        }
    }
}
