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
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.AccessUnit;
import paseo.events.Detections.Faces;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;

class FrameReviewTest {
    private static final TopicPartition CAMERA = new TopicPartition("frames", 0);
    private static final TopicPartition FILE = new TopicPartition("frames", 1);
    private static final TopicPartition BOTH = new TopicPartition("frames", 2);

    private final UnitSessions units = new UnitSessions();

    @TempDir
    private Path root;

    private FacePipeline pipeline;
    private ByteBuffer jpeg;

    @BeforeEach
    void open() throws IOException {
        jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        ModelPack pack = new SmallPack(root).write();
        pipeline = FacePipeline.open(pack, new ModelStore(List.of(root), root), new PipelineSettings(1, Set.of()));
    }

    @AfterEach
    void close() {
        units.close();
        pipeline.close();
    }

    /** 60 to 69 were seen by the other worker. */
    @Test
    void aPartitionThatComesBackDoesNotGoOnFromWhatWasSeenBeforeItWasGivenUp() {
        FrameReview review = review(20);
        assertThat(looked(review, pictures(39, 45))).containsExactly(40L);

        review.forget(List.of(CAMERA));

        assertThat(looked(review, pictures(70, 85))).containsExactly(80L);
    }

    /** A worker that is to stop would not be done with them in time, and meanwhile counts as hung. */
    @Test
    void fewOfAFilesPicturesAreLookedAtTogetherWhereEachTakesLong() {
        FrameReview review = review(1);
        FrameBatch batch = new FrameBatch();
        for (int number = 0; number < 64; number++) {
            FrameBatch.Entry entry = entry(FILE, number, new Image(jpeg, 128, 128, 128, 128));
            batch.add(entry.record(), entry.frame());
        }
        assertThat(review.atOnce(batch)).as("before the first one").isBetween(2, 63);
        pipeline.observe((stage, nanos) -> {
            long until = System.nanoTime() + (stage == Stage.DECODE ? 700_000_000 : 0);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        });

        review.look(batch.first(1).entries());

        assertThat(review.atOnce(batch)).isBetween(1, 2);
    }

    @Test
    void filesThatCameUndecodedWaitForCamerasToo() {
        FrameReview review = review(20);
        AccessUnit unit = new AccessUnit(ByteBuffer.allocate(1), "h264", ByteBuffer.allocate(0), false, 1, 0, false);
        Image old = live(System.currentTimeMillis() * 1000 + 1_000_000);
        FrameBatch.Entry skipped = entry(BOTH, 1, live(Long.MAX_VALUE / 2));

        review.look(List.of(entry(FILE, 1, unit), entry(BOTH, 1, unit), skipped, entry(CAMERA, 0, old)));
        assertThat(review.waiting()).as("a turn").isEmpty();
        review.look(List.of(entry(CAMERA, 20, old)));

        assertThat(review.waiting()).containsExactly(FILE);
    }

    private FrameReview review(int every) {
        return new FrameReview(
                pipeline, new WorkerMetrics(new SimpleMeterRegistry()), units, new DetectionInterval(every, every));
    }

    private static List<Long> looked(FrameReview review, List<FrameBatch.Entry> entries) {
        return review.look(entries).stream()
                .map(FrameReview.Found::detections)
                .filter(detections -> detections.content() instanceof Faces)
                .map(detections -> detections.reference().number())
                .toList();
    }

    private List<FrameBatch.Entry> pictures(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(number -> entry(CAMERA, number, live(Long.MAX_VALUE / 2)))
                .toList();
    }

    private Image live(long staleAfterMicros) {
        return new Image(jpeg, 128, 128, 128, 128).ofCamera(staleAfterMicros, 0);
    }

    private static FrameBatch.Entry entry(TopicPartition partition, long number, Frame.Content content) {
        Frame frame = new Frame(new FrameReference("door", 1, number, number * 40_000, 0), content);
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(partition.topic(), partition.partition(), number, "door", new byte[0]);
        return new FrameBatch.Entry(record, frame, false);
    }
}
