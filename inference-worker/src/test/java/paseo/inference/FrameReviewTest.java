package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Detections.Faces;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;

class FrameReviewTest {
    @TempDir
    private Path root;

    /** 60 to 69 were seen by the other worker. */
    @Test
    void aPartitionThatComesBackDoesNotGoOnFromWhatWasSeenBeforeItWasGivenUp() throws IOException {
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        ModelPack pack = new SmallPack(root).write();
        ModelStore store = new ModelStore(List.of(root), root);
        try (FacePipeline pipeline = FacePipeline.open(pack, store, new PipelineSettings(1, Set.of()))) {
            FrameReview review = new FrameReview(
                    pipeline,
                    new WorkerMetrics(new SimpleMeterRegistry()),
                    new UnitSessions(),
                    new DetectionInterval(20, 20));
            assertThat(looked(review, pictures(jpeg, 39, 45))).containsExactly(40L);

            review.forget(List.of(entry(jpeg, 0).partition()));

            assertThat(looked(review, pictures(jpeg, 70, 85))).containsExactly(80L);
        }
    }

    private static List<Long> looked(FrameReview review, List<FrameBatch.Entry> entries) {
        return review.look(entries).stream()
                .map(FrameReview.Found::detections)
                .filter(detections -> detections.content() instanceof Faces)
                .map(detections -> detections.reference().number())
                .toList();
    }

    private static List<FrameBatch.Entry> pictures(ByteBuffer jpeg, long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(number -> entry(jpeg, number))
                .toList();
    }

    private static FrameBatch.Entry entry(ByteBuffer jpeg, long number) {
        Image image = new Image(jpeg, 128, 128, 128, 128).ofCamera(Long.MAX_VALUE / 2, 0);
        Frame frame = new Frame(new FrameReference("door", 1, number, number * 40_000, 0), image);
        return new FrameBatch.Entry(new ConsumerRecord<>("frames", 0, number, "door", new byte[0]), frame, false);
    }
}
