package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static paseo.frames.ProducerBroker.finish;
import static paseo.frames.ProducerBroker.producer;
import static paseo.frames.ProducerBroker.runWith;
import static paseo.frames.ProducerBroker.until;
import static paseo.frames.SentFrames.assertSession;
import static paseo.frames.SentFrames.withoutRepetitions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Source;
import paseo.events.Topics;

/** Files go no faster than workers take them, wait for them, and go on where they were. */
class FrameProducerPaceIT {
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
    void goesOnAfterAnInterruptionAndDoesNotRepeatWhatIsFinished() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 200);
        List<String> inputs = List.of(clip.toString());
        ProducerSettings settings = broker.settings(0).withMaxLag(20);
        List<Frame> taken = new ArrayList<>();

        for (int run = 0; run < 3; run++) {
            FrameProducer producer = producer(settings, inputs);
            try (ThrottledWorker worker = broker.worker(0)) {
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
        try (ThrottledWorker worker = broker.worker(0);
                FrameProducer producer = producer(settings, inputs)) {
            runWith(producer, worker, 50);
            taken.addAll(worker.taken());
            assertThat(producer.status().get(0).framesRead()).isEqualTo(200);
            assertThat(producer.status().get(0).framesPublished()).isLessThan(150);
        }
        assertSession(withoutRepetitions(taken), taken.get(0).reference().camera(), 200);

        try (ThrottledWorker worker = broker.worker(0);
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

        try (ThrottledWorker worker = broker.worker(1);
                FrameProducer producer = producer(broker.settings(1).withMaxLag(maxLag), List.of(clip.toString()))) {
            runWith(producer, worker, 40);

            // Room for the frame that was let through and the heartbeats of a few seconds.
            assertThat(worker.mostWaiting()).isBetween((long) maxLag / 2, maxLag + 10L);
            assertThat(producer.status().get(0).durationSeconds()).isEqualTo(600);
            assertSession(worker.taken(), producer.status().get(0).camera(), 6000);
        }
    }

    @Test
    void waitsForAWorkerWithHeartbeatsAndSaysSo() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 20, 100);

        try (FrameProducer producer = producer(broker.settings(2).withMaxLag(10), List.of(clip.toString()))) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).error().isPresent());
            SourceStatus waiting = producer.status().get(0);
            assertThat(running).isNotDone();
            assertThat(waiting.state()).isEqualTo(SourceStatus.State.READING);
            assertThat(waiting.error().orElseThrow()).contains("waits for an inference worker");
            assertThat(waiting.framesPublished()).isBetween(8L, 10L);

            try (ThrottledWorker worker = broker.worker(2)) {
                finish(running, worker, 50);
                List<Frame> live = worker.taken().stream()
                        .filter(frame ->
                                frame.content() instanceof Heartbeat heartbeat && heartbeat.state() == State.LIVE)
                        .toList();
                assertThat(live).hasSizeGreaterThan(3);
                assertThat(live.get(0).reference().number()).isBetween(7L, 10L);
                assertThat(producer.status().get(0).error()).isEmpty();
                assertSession(worker.taken(), waiting.camera(), 100);
            }
        }
    }

    @Test
    void readsAgainWhatExpiredBeforeAWorkerCame() throws Exception {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 100);
        TopicPartition partition = new TopicPartition(Topics.FRAMES.name(), 3);

        try (FrameProducer producer = producer(broker.settings(3).withMaxLag(10), List.of(clip.toString()));
                Admin admin = broker.admin()) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 9);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 18);
            try (ThrottledWorker worker = broker.worker(3)) {
                finish(running, worker, 50);
                assertSession(worker.taken(), producer.status().get(0).camera(), 100);
            }
        }
    }

    @Test
    void readsAgainWhatExpiredOfAnEarlierFile() throws Exception {
        Path first = Clips.moving(directory.resolve("first.mp4"), 64, 48, 25, 5);
        Path second = Clips.moving(directory.resolve("second.mp4"), 64, 48, 25, 100);
        TopicPartition partition = new TopicPartition(Topics.FRAMES.name(), 9);

        try (FrameProducer producer =
                        producer(broker.settings(9).withMaxLag(10), List.of(first.toString(), second.toString()));
                Admin admin = broker.admin()) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(1).framesPublished() >= 1);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6)))
                    .all()
                    .get();
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 10);
            try (ThrottledWorker worker = broker.worker(9)) {
                finish(running, worker, 50);
                assertSession(worker.taken(), producer.status().get(0).camera(), 5);
                assertSession(worker.taken(), producer.status().get(1).camera(), 100);
            }
        }
    }

    @Test
    void othersRecordsOnItsPartitionDoNotLetItRunAhead() {
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 300);

        try (FrameProducer producer = producer(broker.settings(4).withMaxLag(10), List.of(clip.toString()));
                KafkaProducer<String, Frame> other =
                        KafkaClients.producer(broker.settings().kafka());
                ThrottledWorker worker = broker.worker(4)) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).framesPublished() >= 8);
            for (int i = 0; i < 100; i++) {
                var unused = other.send(KafkaClients.record(4, sign("other", i)));
            }
            other.flush();
            until(() -> {
                worker.take(100 - worker.taken().size());
                return worker.taken().size() >= 100;
            });
            until(() -> running.isDone() || producer.status().get(0).error().isPresent());
            assertThat(producer.status().get(0).framesPublished()).isBetween(8L, 50L);

            finish(running, worker, 50);
            assertSession(worker.taken(), producer.status().get(0).camera(), 300);
        }
    }

    @Test
    void clearsThePartitionOfItsOwnRecordsOnly() throws Exception {
        TopicPartition partition = new TopicPartition(Topics.FRAMES.name(), 5);

        try (Admin admin = broker.admin();
                KafkaProducer<String, Frame> kafka =
                        KafkaClients.producer(broker.settings().kafka())) {
            FramesPartition own = new FramesPartition(kafka, admin, 5);
            FramesPartition other = new FramesPartition(kafka, admin, 5);
            put(own, "own", 5);
            put(other, "other", 3);
            put(own, "own", 2);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
            assertThat(own.measure() && own.expired()).isTrue();
            assertThat(other.measure() && !other.expired()).isTrue();

            own.clear();
            assertThat(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                            .partitionResult(partition)
                            .get()
                            .offset())
                    .isEqualTo(5);
            assertThat(other.measure() && !other.expired()).isTrue();
        }
    }

    @Test
    void largePicturesWaitBeforeThePartitionIsFull() {
        Path clip = Clips.make(
                directory.resolve("noise.mp4"),
                "-f lavfi -i testsrc2=size=2000x2000:rate=25,noise=alls=100 -frames:v 60 -pix_fmt yuv420p -c:v mpeg4"
                        + " -q:v 2");
        ProducerSettings settings =
                broker.settings(7).withMaxSide(2000).withJpegQuality(100).withMaxLag(1000);

        try (FrameProducer producer = producer(settings, List.of(clip.toString()));
                Admin admin = broker.admin()) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(producer::run);
            until(() -> running.isDone() || producer.status().get(0).error().isPresent());

            assertThat(producer.status().get(0).state()).isEqualTo(SourceStatus.State.READING);
            // Room for the picture that was let through and what goes around each.
            assertThat(bytesOf(admin, new TopicPartition(Topics.FRAMES.name(), 7)))
                    .isBetween(SessionWriter.MOST_BYTES / 2, SessionWriter.MOST_BYTES + (17L << 20));
        }
    }

    @Test
    void noticesThatRecordsWereRemovedAndTheWorkersWentOnBehindThem() throws Exception {
        TopicPartition partition = new TopicPartition(Topics.FRAMES.name(), 8);

        try (Admin admin = broker.admin();
                KafkaProducer<String, Frame> kafka =
                        KafkaClients.producer(broker.settings().kafka())) {
            FramesPartition own = new FramesPartition(kafka, admin, 8);
            put(own, "own", 7);
            assertThat(own.measure() && own.skipped() == 0).isTrue();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets(Topics.INFERENCE_GROUP, Map.of(partition, new OffsetAndMetadata(4)))
                    .all()
                    .get();

            assertThat(own.measure()).isTrue();
            assertThat(own.skipped()).isEqualTo(2);
            assertThat(own.expired()).as("sent again they would come too late").isFalse();
            assertThat(own.measure() && own.skipped() == 0).isTrue();
        }
    }

    @Test
    void keepsOffThePartitionsOfGivenCameras() throws Exception {
        TopicPartition last = new TopicPartition(Topics.FRAMES.name(), PARTITIONS - 1);
        Path clip = Clips.moving(directory.resolve("clip.mp4"), 64, 48, 25, 5);

        try (FrameProducer producer = producer(broker.settings(), List.of(clip.toString()), PARTITIONS - 1);
                Admin admin = broker.admin()) {
            producer.run();
            assertThat(admin.listOffsets(Map.of(last, OffsetSpec.latest()))
                            .partitionResult(last)
                            .get()
                            .offset())
                    .isGreaterThanOrEqualTo(7);
        }
    }

    private static long bytesOf(Admin admin, TopicPartition partition) {
        try {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                    .flatMap(directories -> directories.values().stream())
                    .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().equals(partition))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(FramesPartition partition, String camera, int records) {
        for (int i = 0; i < records; i++) {
            partition.send(sign(camera, i), () -> {});
        }
        partition.flush();
    }

    private static Frame sign(String camera, int number) {
        Source source = new Source(camera, Source.Kind.FILE, 64, 48, 25, 0);
        return new Frame(new FrameReference(camera, 1, number, number, 0), new Heartbeat(State.LIVE, source, ""));
    }
}
