package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static paseo.frames.ProducerBroker.producer;
import static paseo.frames.ProducerBroker.runWith;
import static paseo.frames.ProducerBroker.until;
import static paseo.frames.SentFrames.assertSession;
import static paseo.frames.SentFrames.images;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.AccessUnit;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.testing.Assets;

/** What becomes of files: frames in order, whole sessions, and a reason where there is none. */
class FrameProducerIT {
    private static final int PARTITIONS = 11;

    @TempDir
    private static Path scratch;

    private static ProducerBroker broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = new ProducerBroker(scratch, PARTITIONS);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void publishesFilesInTheOrderGivenAndABadOneFailsAlone() throws IOException {
        Path second = Clips.moving(directory.resolve("A second.mp4"), 64, 48, 10, 25);
        Path bad = Files.writeString(directory.resolve("bad.mp4"), "no video");
        Path first = Clips.moving(directory.resolve("first.mkv"), 64, 48, 5, 12);
        List<String> inputs = List.of(
                first.toString(),
                bad.toString(),
                "rtsp://u:p@h/x",
                second.toUri().toString());

        try (ThrottledWorker worker = broker.worker(0);
                FrameProducer producer = producer(broker.settings(0), inputs)) {
            runWith(producer, worker, 50);

            List<SourceStatus> status = producer.status();
            assertThat(status)
                    .extracting(SourceStatus::state)
                    .containsExactly(
                            SourceStatus.State.DONE,
                            SourceStatus.State.FAILED,
                            SourceStatus.State.FAILED,
                            SourceStatus.State.DONE);
            assertThat(status.get(1).error().orElseThrow()).contains("bad.mp4").contains("is not a video");
            assertThat(status.get(2).error().orElseThrow())
                    .contains("is not a file or directory")
                    .doesNotContain("u:p");
            assertThat(status.get(3).framesRead()).isEqualTo(25);
            assertThat(status.get(3).framesPublished()).isEqualTo(25);
            assertThat(status.get(3).framesExpected()).hasValue(25);
            assertThat(status.get(3).camera()).matches("a-second-[0-9a-f]{8}");

            List<Frame> sent = worker.taken();
            String camera = status.get(0).camera();
            String other = status.get(3).camera();
            assertThat(sent).allSatisfy(frame -> {
                assertThat(frame.reference().epoch()).isEqualTo(status.get(0).epoch());
                assertThat(frame.reference().ingestTimeMicros()).isEqualTo(ProducerBroker.NOW.toEpochMilli() * 1000);
            });
            assertThat(sent.stream().map(frame -> frame.reference().camera()).distinct())
                    .containsExactly(camera, other);
            assertSession(sent, camera, 12);
            assertSession(sent, other, 25);
            Image image = (Image) images(sent, other).get(24).content();
            assertThat(image.sourceWidth()).isEqualTo(64);
            assertThat(images(sent, other).get(24).reference().captureTimeMicros())
                    .isEqualTo(2_400_000);
            assertThat(ImageIO.read(new ByteArrayInputStream(bytes(image))).getHeight())
                    .isEqualTo(48);
        }
    }

    @Test
    void aFileThatBreaksOffEndsAsFailed() throws IOException {
        Path half = half(directory.resolve("half.mp4"));
        Path next = Clips.moving(directory.resolve("next.mp4"), 64, 48, 10, 10);

        try (ThrottledWorker worker = broker.worker(1);
                FrameProducer producer = producer(broker.settings(1), List.of(half.toString(), next.toString()))) {
            runWith(producer, worker, 50);

            SourceStatus status = producer.status().get(0);
            assertThat(status.state()).isEqualTo(SourceStatus.State.FAILED);
            assertThat(status.error().orElseThrow()).contains("half.mp4").contains("breaks off after");
            assertThat(status.framesPublished()).isBetween(30L, 70L).isEqualTo(status.framesRead());
            List<Frame> sent = SentFrames.of(worker.taken(), status.camera());
            Heartbeat last = (Heartbeat) sent.get(sent.size() - 1).content();
            assertThat(last.state()).isEqualTo(State.FAILED);
            assertThat(last.detail()).contains("breaks off after");
            assertThat(producer.status().get(1).state()).isEqualTo(SourceStatus.State.DONE);
        }
    }

    @Test
    void aCopyIsReadWhereTheFirstFileWasAway() throws IOException {
        Path half = half(directory.resolve("left-open.mp4"));
        Path copy = Files.copy(
                half, Files.createDirectory(directory.resolve("other-disk")).resolve("left-open.mp4"));
        ProducerSettings settings = broker.settings(10).withMaxLag(10);

        try (ThrottledWorker worker = broker.worker(10);
                FrameProducer producer = producer(settings, List.of(half.toString(), copy.toString()))) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 5);
            Files.delete(half);
            until(() -> {
                worker.take(50);
                return running.isDone();
            });
            running.join();

            assertThat(producer.status()).allMatch(source -> source.state() == SourceStatus.State.FAILED);
            assertThat(producer.status().get(1).framesRead()).isPositive();
            // The copy is damaged indeed, and says so.
            until(() -> {
                worker.take(50);
                return failures(worker) == 1;
            });
        }
    }

    @Test
    void aFileThatIsAwayWhenItBreaksOffIsReadAgainByAnotherRun() throws IOException {
        Path half = half(directory.resolve("gone.mp4"));
        Path away = directory.resolve("away.mp4");
        ProducerSettings settings = broker.settings(7).withMaxLag(10);

        try (ThrottledWorker worker = broker.worker(7)) {
            try (FrameProducer producer = producer(settings, List.of(half.toString()))) {
                CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
                until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 5);
                Files.move(half, away);
                until(() -> {
                    worker.take(50);
                    return running.isDone();
                });
                running.join();
                assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.FAILED);
            }
            Files.move(away, half);
            try (FrameProducer producer = producer(settings, List.of(half.toString()))) {
                runWith(producer, worker, 50);
                assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.FAILED);
                assertThat(producer.status().get(0).framesRead())
                        .as("what has failed is not read again")
                        .isPositive();
            }
            assertThat(failures(worker)).as("of the run in which it was there").isOne();
        }
    }

    @Test
    void aCopyOfAFileThatFailedHasFailed() throws IOException {
        Path half = half(directory.resolve("copied.mp4"));
        Path copy = Files.copy(
                half, Files.createDirectory(directory.resolve("copy")).resolve("copied.mp4"));

        try (ThrottledWorker worker = broker.worker(8);
                FrameProducer producer = producer(broker.settings(8), List.of(half.toString(), copy.toString()))) {
            runWith(producer, worker, 50);

            assertThat(producer.status())
                    .extracting(SourceStatus::state)
                    .containsExactly(SourceStatus.State.FAILED, SourceStatus.State.FAILED);
            assertThat(producer.status().get(1).error().orElseThrow()).contains("breaks off after");
        }
    }

    @Test
    void samplesByPresentationTime() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 30, 90);

        try (ThrottledWorker worker = broker.worker(2);
                FrameProducer producer = producer(broker.settings(2).withFps(5), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertThat(producer.status().get(0).framesRead()).isEqualTo(90);
            assertThat(images(worker.taken(), producer.status().get(0).camera()))
                    .hasSize(15)
                    .extracting(frame -> frame.reference().number())
                    .startsWith(0L, 6L, 12L, 18L);
        }
    }

    /** A second in which nothing moves, then one in which something does. */
    @Test
    void saysWhereNothingMoves() {
        Path clip = Clips.make(
                directory.resolve("still.mp4"),
                "-f lavfi -i color=gray:size=320x180:rate=10:duration=1 -f lavfi -i"
                        + " testsrc2=size=320x180:rate=10:duration=1 -filter_complex concat -pix_fmt yuv420p"
                        + " -c:v mpeg4 -q:v 2");

        try (ThrottledWorker worker = broker.worker(6);
                FrameProducer producer = producer(broker.settings(6), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertThat(images(worker.taken(), producer.status().get(0).camera()))
                    .extracting(frame -> ((Image) frame.content()).still())
                    .containsExactly(
                            false, true, true, true, true, true, true, true, true, true, //
                            false, false, false, false, false, false, false, false, false, false);
        }
    }

    @Test
    void publishesARealFile() throws IOException {
        Path clip = Assets.require("videos/intel_reid_full.mp4");
        Path truth = Assets.require("videos/intel_reid_full.gt.csv");
        long lastOneBased = Files.readAllLines(truth).stream()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
                .max()
                .orElseThrow();

        try (ThrottledWorker worker = broker.worker(3);
                FrameProducer producer = producer(broker.settings(3), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertSession(worker.taken(), producer.status().get(0).camera(), 328);
            assertThat(lastOneBased).isLessThanOrEqualTo(328);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 18: a picture that no record can hold is sent smaller")
    void sendsAPictureThatNoRecordCanHoldSmaller() {
        Path clip = Clips.make(
                directory.resolve("noise.avi"),
                "-f lavfi -i testsrc2=size=4000x4000:rate=1,noise=alls=100 -frames:v 1 -c:v mjpeg -q:v 2");
        ProducerSettings settings = broker.settings(4).withMaxSide(4000).withJpegQuality(100);

        try (ThrottledWorker worker = broker.worker(4);
                FrameProducer producer = producer(settings, List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            List<Frame> frames = images(worker.taken(), producer.status().get(0).camera());
            assertThat(frames).hasSize(1);
            Image image = (Image) frames.get(0).content();
            assertThat(image.width()).isEqualTo(image.height()).isBetween(2000, 3000);
            assertThat(image.sourceWidth()).isEqualTo(4000);
        }
    }

    @Test
    void carriesWhatIsNeededToDecodeWhatIsToBeLookedAt() {
        Path clip = Assets.require("videos/intel_reid_a.mp4");

        try (ThrottledWorker worker = broker.worker(5);
                FrameProducer producer =
                        producer(broker.settings(5).withFps(2).withCarry(Carry.PACKETS), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            String camera = producer.status().get(0).camera();
            List<Frame> units = worker.taken().stream()
                    .filter(frame -> frame.reference().camera().equals(camera))
                    .filter(frame -> frame.content() instanceof AccessUnit)
                    .toList();
            long looked = units.stream()
                    .filter(frame -> !((AccessUnit) frame.content()).support())
                    .count();
            assertThat(((AccessUnit) units.get(0).content()).key()).isTrue();
            assertThat(looked).isEqualTo(producer.status().get(0).framesPublished());
            assertThat(producer.status().get(0).framesRead()).isGreaterThan(5 * looked);
            assertThat(units.size())
                    .isBetween((int) looked, (int) producer.status().get(0).framesRead());
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: a record without a value among the detections stops no file")
    void aRecordWithoutAValueAmongTheDetectionsStopsNoFile() throws Exception {
        Path clip = Clips.moving(directory.resolve("tombstone.mp4"), 64, 48, 10, 10);
        Map<String, Object> settings = broker.settings().kafka().producer(Map.of());
        try (KafkaProducer<byte[], byte[]> sender =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            sender.send(new ProducerRecord<>(Topics.DETECTIONS.name(), 9, new byte[1], null))
                    .get();
        }

        try (ThrottledWorker worker = broker.worker(9);
                FrameProducer producer = producer(broker.settings(9), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.DONE);
        }
    }

    private static long failures(ThrottledWorker worker) {
        return worker.taken().stream()
                .filter(frame -> frame.content() instanceof Heartbeat heartbeat && heartbeat.state() == State.FAILED)
                .count();
    }

    /** Each test needs a name of its own: the same bytes under the same name are the same session. */
    private Path half(Path file) throws IOException {
        Path whole = Clips.make(
                directory.resolve("whole.mp4"),
                "-f lavfi -i testsrc2=size=64x48:rate=10 -frames:v 100 -c:v mpeg4 -movflags +faststart");
        byte[] bytes = Files.readAllBytes(whole);
        return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    private static byte[] bytes(Image image) {
        byte[] bytes = new byte[image.jpeg().remaining()];
        image.jpeg().duplicate().get(bytes);
        return bytes;
    }
}
