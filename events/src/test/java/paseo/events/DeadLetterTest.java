package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fault")
class DeadLetterTest {
    private static final DeadLetter LETTER = new DeadLetter(
            "paseo-matcher",
            "detections",
            3,
            17,
            DeadLetter.Reason.UNREADABLE,
            "not a \"message\"\n",
            ByteBuffer.wrap(new byte[] {0, -1, 7}));

    @Test
    @DisplayName("row 21: what is set aside can be read again, byte for byte and with its reason")
    void comesBackAsItWasSent() {
        byte[] key = {1};
        ProducerRecord<byte[], byte[]> record = LETTER.toRecord(Topics.DETECTIONS, key);
        assertThat(record.topic()).isEqualTo("detections-dead-letters");
        assertThat(record.key()).isEqualTo(key);
        assertThat(record.value()).containsExactly(0, -1, 7);
        assertThat(Topics.deadLettersOf(Topics.DETECTIONS)
                        .codec()
                        .deserialize(record.topic(), record.headers(), record.value()))
                .isEqualTo(LETTER);
    }

    @Test
    @DisplayName("row 21: as a line for people it has everything but the content")
    void asALineItHasNoContent() {
        assertThat(Topics.deadLettersOf(Topics.DETECTIONS).codec().toJson(LETTER))
                .isEqualTo("{\"service\":\"paseo-matcher\",\"topic\":\"detections\",\"partition\":3,\"offset\":\"17\","
                        + "\"reason\":\"UNREADABLE\",\"detail\":\"not a \\\"message\\\"\\n\",\"bytes\":3}");
    }

    @Test
    @DisplayName("row 21: it is kept no longer than what it was read from, and fits around the largest record")
    void isKeptNoLongerThanItsSource() {
        for (Topic<?> source : List.of(Topics.FRAMES, Topics.DETECTIONS, Topics.SEQUENCES)) {
            Topic<DeadLetter> letters = Topics.deadLettersOf(source);
            assertThat(letters.retention()).isEqualTo(source.retention());
            assertThat(letters.retentionBytesPerPartition()).isEqualTo(source.retentionBytesPerPartition());
            assertThat(letters.maxMessageBytes()).isGreaterThan(source.maxMessageBytes());
            assertThat(Topics.all()).contains(letters);
        }
        assertThatThrownBy(() -> Topics.deadLettersOf(Topics.SIGHTINGS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("row 21: however much there is to say, it fits beside the largest record")
    void aDetailIsCutOff() {
        DeadLetter wordy = new DeadLetter(
                "paseo-matcher",
                "detections",
                3,
                17,
                DeadLetter.Reason.UNREADABLE,
                "a" + "\u4e2d".repeat(1_000_000),
                ByteBuffer.allocate(Topics.DETECTIONS.maxMessageBytes()));
        ProducerRecord<byte[], byte[]> record = wordy.toRecord(Topics.DETECTIONS, new byte[] {1});
        int headers = Arrays.stream(record.headers().toArray())
                .mapToInt(header -> header.value().length)
                .sum();
        assertThat(wordy.detail()).hasSize(1_000).startsWith("a");
        assertThat(headers).isLessThan(64 << 10);
    }

    @Test
    @DisplayName("row 21: what has no reason is no dead letter")
    void needsItsHeaders() {
        assertThatThrownBy(() -> Topics.deadLettersOf(Topics.DETECTIONS)
                        .codec()
                        .deserialize("detections-dead-letters", new RecordHeaders(), new byte[] {1}))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("paseo-dead-letter-");
    }
}
