package paseo.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final UUID SEQUENCE = UUID.fromString("e51ba9a2-2375-5bf7-bf03-0819522c4b1f");

    @Test
    void aSequencesTraceIsItsOwnId() {
        assertThat(sequence("tracking")).matches("00-e51ba9a223755bf7bf030819522c4b1f-[0-9a-f]{16}-01");
        assertThat(sequence("tracking")).isEqualTo(sequence("tracking")).isNotEqualTo(sequence("matching"));
    }

    @Test
    void aReplayBelongsToTheSameTraceAndAnotherFrameToAnother() {
        assertThat(frame("door/1/7")).isEqualTo(frame("door/1/7")).isNotEqualTo(frame("door/1/8"));
    }

    @Test
    void whatComesOfARecordStaysInItsTrace() {
        Headers read = new RecordHeaders();
        TraceParent.ofName(read, "capture", "door/1/7");
        Headers written = new RecordHeaders();
        TraceParent.handOn(read, written, "inference");
        String before = text(read);
        String after = text(written);
        assertThat(after.substring(0, 36)).isEqualTo(before.substring(0, 36));
        assertThat(after).isNotEqualTo(before).endsWith("-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void whatIsNoTraceIsNotHandedOn(String header) {
        Headers read = new RecordHeaders().add(TraceParent.HEADER, header.getBytes(StandardCharsets.UTF_8));
        Headers written = new RecordHeaders();
        TraceParent.handOn(read, written, "inference");
        assertThat(written.toArray()).isEmpty();
    }

    private static String sequence(String step) {
        Headers headers = new RecordHeaders();
        TraceParent.ofId(headers, step, SEQUENCE);
        return text(headers);
    }

    private static String frame(String name) {
        Headers headers = new RecordHeaders();
        TraceParent.ofName(headers, "capture", name);
        return text(headers);
    }

    private static String text(Headers headers) {
        return new String(headers.lastHeader(TraceParent.HEADER).value(), StandardCharsets.UTF_8);
    }
}
