package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.events.AccessUnit;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.testing.Assets;

/** Each test has a partition of its own. */
class FrameProducerIT {
    private static final long DEADLINE_NANOS = 60_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private static Path broker;

    private static EmbeddedKafka kafka;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(broker);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.prepare(admin, 9);
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
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

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 0);
                FrameProducer producer = producer(settings(0), inputs)) {
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
                assertThat(frame.reference().ingestTimeMicros()).isEqualTo(NOW.toEpochMilli() * 1000);
            });
            assertThat(sent.stream().map(frame -> frame.reference().camera()).distinct())
                    .containsExactly(camera, other);
            assertThat(session(sent, camera, 12)).isTrue();
            assertThat(session(sent, other, 25)).isTrue();
            Image image = (Image) images(sent, other).get(24).content();
            assertThat(image.sourceWidth()).isEqualTo(64);
            assertThat(images(sent, other).get(24).reference().captureTimeMicros())
                    .isEqualTo(2_400_000);
            assertThat(ImageIO.read(new ByteArrayInputStream(bytes(image))).getHeight())
                    .isEqualTo(48);
        }
    }

    @Test
    void goesOnAfterAnInterruptionAndDoesNotRepeatWhatIsFinished() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 200);
        List<String> inputs = List.of(clip.toString());
        ProducerSettings settings = settings(1).withMaxLag(20);
        List<Frame> taken = new ArrayList<>();

        for (int run = 0; run < 3; run++) {
            FrameProducer producer = producer(settings, inputs);
            try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 1)) {
                CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
                until(() -> {
                    worker.take(5);
                    return worker.taken().size() >= 50;
                });
                producer.close();
                running.join();
                assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.READING);
                taken.addAll(worker.taken());
            }
        }
        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 1);
                FrameProducer producer = producer(settings, inputs)) {
            runWith(producer, worker, 50);
            taken.addAll(worker.taken());
            assertThat(producer.status().get(0).framesRead()).isEqualTo(200);
            assertThat(producer.status().get(0).framesPublished()).isLessThan(150);
        }
        assertThat(session(withoutRepetitions(taken), producerCamera(taken), 200))
                .isTrue();

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 1);
                FrameProducer producer = producer(settings, inputs)) {
            producer.run();
            worker.take(1);
            assertThat(worker.taken()).isEmpty();
            assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.DONE);
            assertThat(producer.status().get(0).framesPublished()).isZero();
        }
    }

    @Test
    void aTenMinuteFileCannotOutrunSlowWorkers() {
        Path clip = Clips.moving(directory.resolve("long.mp4"), 16, 16, 10, 6000);
        int maxLag = 100;

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 2);
                FrameProducer producer = producer(settings(2).withMaxLag(maxLag), List.of(clip.toString()))) {
            runWith(producer, worker, 40);

            // Room for the frame that was let through and the heartbeats of a few seconds.
            assertThat(worker.mostWaiting()).isBetween((long) maxLag / 2, maxLag + 10L);
            assertThat(producer.status().get(0).durationSeconds()).isEqualTo(600);
            assertThat(session(worker.taken(), producer.status().get(0).camera(), 6000))
                    .isTrue();
        }
    }

    @Test
    void waitsForAWorkerWithHeartbeatsAndSaysSo() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 20, 100);

        try (FrameProducer producer = producer(settings(3).withMaxLag(10), List.of(clip.toString()))) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).error().isPresent());
            SourceStatus waiting = producer.status().get(0);
            assertThat(running).isNotDone();
            assertThat(waiting.state()).isEqualTo(SourceStatus.State.READING);
            assertThat(waiting.error().orElseThrow()).contains("waits for an inference worker");
            assertThat(waiting.framesPublished()).isBetween(8L, 10L);

            try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 3)) {
                until(() -> {
                    worker.take(50);
                    return running.isDone();
                });
                drain(worker);
                running.join();
                List<Frame> live = worker.taken().stream()
                        .filter(frame ->
                                frame.content() instanceof Heartbeat heartbeat && heartbeat.state() == State.LIVE)
                        .toList();
                assertThat(live).hasSizeGreaterThan(3);
                assertThat(live.get(0).reference().number()).isBetween(7L, 10L);
                assertThat(producer.status().get(0).error()).isEmpty();
                assertThat(session(worker.taken(), waiting.camera(), 100)).isTrue();
            }
        }
    }

    @Test
    void readsAgainWhatExpiredBeforeAWorkerCame() throws Exception {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 100);
        TopicPartition partition = new TopicPartition(Topics.FRAMES.name(), 4);

        try (FrameProducer producer = producer(settings(4).withMaxLag(10), List.of(clip.toString()));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 9);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 18);
            try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 4)) {
                until(() -> {
                    worker.take(50);
                    return running.isDone();
                });
                drain(worker);
                running.join();
                assertThat(session(worker.taken(), producer.status().get(0).camera(), 100))
                        .isTrue();
            }
        }
    }

    @Test
    void aFileThatBreaksOffEndsAsFailed() throws IOException {
        Path whole = Clips.make(
                directory.resolve("whole.mp4"),
                "-f lavfi -i testsrc2=size=64x48:rate=10 -frames:v 100 -c:v mpeg4 -movflags +faststart");
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(directory.resolve("half.mp4"), Arrays.copyOf(bytes, bytes.length / 2));
        Path next = Clips.moving(directory.resolve("next.mp4"), 64, 48, 10, 10);

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 5);
                FrameProducer producer = producer(settings(5), List.of(half.toString(), next.toString()))) {
            runWith(producer, worker, 50);

            SourceStatus status = producer.status().get(0);
            assertThat(status.state()).isEqualTo(SourceStatus.State.FAILED);
            assertThat(status.error().orElseThrow()).contains("half.mp4").contains("breaks off after");
            assertThat(status.framesPublished()).isBetween(30L, 70L).isEqualTo(status.framesRead());
            List<Frame> sent = of(worker.taken(), status.camera());
            Heartbeat last = (Heartbeat) sent.get(sent.size() - 1).content();
            assertThat(last.state()).isEqualTo(State.FAILED);
            assertThat(last.detail()).contains("breaks off after");
            assertThat(producer.status().get(1).state()).isEqualTo(SourceStatus.State.DONE);
        }
    }

    @Test
    void samplesByPresentationTime() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 30, 90);

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 6);
                FrameProducer producer = producer(settings(6).withFps(5), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertThat(producer.status().get(0).framesRead()).isEqualTo(90);
            assertThat(images(worker.taken(), producer.status().get(0).camera()))
                    .hasSize(15)
                    .extracting(frame -> frame.reference().number())
                    .startsWith(0L, 6L, 12L, 18L);
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

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 7);
                FrameProducer producer = producer(settings(7), List.of(clip.toString()))) {
            runWith(producer, worker, 50);

            assertThat(session(worker.taken(), producer.status().get(0).camera(), 328))
                    .isTrue();
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
        ProducerSettings settings = settings(8).withMaxSide(4000).withJpegQuality(100);

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 8);
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

        try (ThrottledWorker worker = new ThrottledWorker(kafka.bootstrapServers(), 5);
                FrameProducer producer =
                        producer(settings(5).withFps(2).withCarry(Carry.PACKETS), List.of(clip.toString()))) {
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

    private static ProducerSettings settings(int partition) {
        return ProducerSettings.of(kafka.bootstrapServers()).withPartition(partition);
    }

    private static FrameProducer producer(ProducerSettings settings, List<String> inputs) {
        return new FrameProducer(settings, inputs, new SimpleMeterRegistry(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static void runWith(FrameProducer producer, ThrottledWorker worker, int records) {
        CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
        until(() -> {
            worker.take(records);
            return running.isDone();
        });
        running.join();
        drain(worker);
    }

    /** Takes what is left when the producer has gone. */
    private static void drain(ThrottledWorker worker) {
        until(() -> {
            int before = worker.taken().size();
            worker.take(1000);
            return worker.taken().size() == before
                    && worker.taken().get(before - 1).content() instanceof Heartbeat heartbeat
                    && heartbeat.state().last();
        });
    }

    private static void until(BooleanSupplier state) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Whether a session is whole: STARTED, every frame in order, ENDED, and only heartbeats between. */
    private static boolean session(List<Frame> frames, String camera, int count) {
        List<Frame> session = of(frames, camera);
        assertThat(session.get(0).content())
                .isInstanceOfSatisfying(
                        Heartbeat.class, first -> assertThat(first.state()).isEqualTo(State.STARTED));
        assertThat(session.get(0).reference().number()).isEqualTo(-1);
        assertThat(session.get(session.size() - 1).content())
                .isInstanceOfSatisfying(
                        Heartbeat.class, last -> assertThat(last.state()).isEqualTo(State.ENDED));
        assertThat(session.get(session.size() - 1).reference().number()).isEqualTo(count - 1);
        assertThat(images(frames, camera))
                .extracting(frame -> frame.reference().number())
                .containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
        assertThat(images(frames, camera))
                .extracting(frame -> frame.reference().captureTimeMicros())
                .isSorted();
        return true;
    }

    /** As the tracker sees it: what is not later than what it has is dropped. */
    private static List<Frame> withoutRepetitions(List<Frame> frames) {
        List<Frame> fresh = new ArrayList<>();
        long last = -1;
        for (Frame frame : frames) {
            if (frame.content() instanceof Heartbeat) {
                fresh.add(frame);
            } else if (frame.reference().number() > last) {
                last = frame.reference().number();
                fresh.add(frame);
            }
        }
        return fresh;
    }

    private static String producerCamera(List<Frame> frames) {
        return frames.get(0).reference().camera();
    }

    private static List<Frame> of(List<Frame> frames, String camera) {
        return frames.stream()
                .filter(frame -> frame.reference().camera().equals(camera))
                .toList();
    }

    private static List<Frame> images(List<Frame> frames, String camera) {
        return of(frames, camera).stream()
                .filter(frame -> frame.content() instanceof Image)
                .toList();
    }

    private static byte[] bytes(Image image) {
        byte[] bytes = new byte[image.jpeg().remaining()];
        image.jpeg().duplicate().get(bytes);
        return bytes;
    }
}
