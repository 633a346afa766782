package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import paseo.events.AccessUnit;
import paseo.events.Detections.Dropped;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Source;

class UnitSessionsTest {
    private static final TopicPartition PARTITION = new TopicPartition("frames", 0);
    private static final TopicPartition OTHER = new TopicPartition("frames", 1);

    private final UnitSessions sessions = new UnitSessions();

    @AfterEach
    void close() {
        sessions.close();
    }

    /** Its decoder and its key picture's offset would stay for ever. */
    @Test
    void aFileThatNobodySendsAnyMoreIsGivenUp() {
        unit(10, 0);
        assertThat(noted()).isEqualTo("from 10");
        silence(PARTITION, 14);
        beat(11);
        silence(PARTITION, 14);
        assertThat(noted()).as("14 minutes since the heartbeat").isEqualTo("from 10");

        silence(PARTITION, 1);

        assertThat(noted()).isEmpty();
        assertThat(unit(12, 1))
                .extracting(UnitSession.Step::content)
                .containsExactly(new Dropped(Dropped.Reason.NO_KEY_PICTURE, ""));
    }

    @Test
    void aFileOfWhichNothingCouldComeIsKept() {
        unit(10, 0);
        silence(OTHER, 60);
        assertThat(noted()).isEqualTo("from 10");
    }

    private void silence(TopicPartition partition, int minutes) {
        sessions.waited(Set.of(partition), Duration.ofMinutes(minutes).toNanos());
    }

    private String noted() {
        return sessions.noted(Map.of(PARTITION, new OffsetAndMetadata(50)))
                .getOrDefault(PARTITION, new OffsetAndMetadata(0))
                .metadata()
                .strip();
    }

    private List<UnitSession.Step<AVFrame>> unit(long offset, long position) {
        return accept(
                offset,
                new AccessUnit(
                        ByteBuffer.allocate(1), "h264", ByteBuffer.allocate(0), position == 0, position, 1, false));
    }

    private void beat(long offset) {
        Source source = new Source("x", Source.Kind.FILE, 2, 2, 5, 0);
        accept(offset, new Heartbeat(Heartbeat.State.LIVE, source, ""));
    }

    private List<UnitSession.Step<AVFrame>> accept(long offset, Frame.Content content) {
        Frame frame = new Frame(new FrameReference("file", 1, offset, offset * 40_000, 0), content);
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, "file", new byte[0]);
        return sessions.accept(new FrameBatch.Entry(record, frame, false), frame);
    }
}
