package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Faces;
import paseo.events.Face;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Source;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

class InferenceWorkerIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static FacePipeline pipeline;

    @BeforeAll
    static void start() throws EmbeddedFailure, IOException {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        ModelPack pack = new SmallPack(folder).write();
        pipeline = FacePipeline.open(pack, new ModelStore(List.of(folder), folder), new PipelineSettings(2, Set.of()));
        try (Admin admin = KafkaClients.admin(KafkaConnection.of(kafka.bootstrapServers()))) {
            Topics.prepare(admin, PARTITIONS);
        }
    }

    @AfterAll
    static void stop() {
        pipeline.close();
        kafka.close();
    }

    @Test
    void aStaleLivePictureIsNotLookedAtButGivesItsRecord() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        long now = System.currentTimeMillis() * 1000;
        int pictures = 40;
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (int number = 0; number < pictures; number++) {
                long staleAfter = number % 2 == 0 ? now - 1 : now + 3_600_000_000L;
                Frame frame = new Frame(
                        new FrameReference("live", now, number, now + number, now),
                        new Image(jpeg, 128, 128, 128, 128, staleAfter, 0, false));
                send(producer, 0, "live", Topics.FRAMES.codec().encode(frame));
            }
        }
        MeterRegistry registry = new SimpleMeterRegistry();
        List<Detections> found = new ArrayList<>();
        try (Running worker = new Running(registry)) {
            read(ends, pictures).forEach(entry -> found.add(entry.value()));
            worker.assertRunning();
        }
        assertThat(found)
                .extracting(detections -> detections.reference().number())
                .containsExactlyElementsOf(LongStream.range(0, pictures).boxed().toList());
        assertThat(found).allSatisfy(detections -> {
            if (detections.reference().number() % 2 == 0) {
                assertThat(detections.content()).isEqualTo(new Dropped(Dropped.Reason.STALE, ""));
            } else {
                assertThat(detections.content()).isInstanceOf(Faces.class);
            }
        });
        assertThat(registry.counter("paseo.frames.dropped", "camera", "live", "reason", "stale")
                        .count())
                .isEqualTo(pictures / 2.0);
        assertThat(registry.counter("paseo.frames.processed", "camera", "live").count())
                .isEqualTo(pictures / 2.0);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: every frame gives one record in its place; what is no frame is set aside")
    void everyFrameGivesOneRecordInItsPlaceAndOthersAreSetAside() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        List<Frame> sent = new ArrayList<>();
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        ByteBuffer broken = jpeg.slice(0, 200);
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (int number = 0; number < 60; number++) {
                for (int camera = 0; camera < 3; camera++) {
                    FrameReference reference = new FrameReference("camera-" + camera, 1, number, number * 40_000L, 7);
                    Frame frame = number == 0
                            ? new Frame(reference, heartbeat(Heartbeat.State.STARTED))
                            : new Frame(reference, new Image(number == 5 ? broken : jpeg, 128, 128, 128, 128));
                    sent.add(frame);
                    // Two cameras share a partition.
                    send(
                            producer,
                            camera % PARTITIONS,
                            reference.camera(),
                            Topics.FRAMES.codec().encode(frame));
                }
                if (number == 10) {
                    send(producer, 0, "camera-0", new byte[] {1, 2, 3});
                }
            }
        }
        MeterRegistry registry = new SimpleMeterRegistry();

        List<ConsumerRecord<String, Detections>> found = new ArrayList<>();
        try (Running worker = new Running(registry)) {
            found.addAll(read(ends, sent.size()));
            worker.assertRunning();
        }

        for (int camera = 0; camera < 3; camera++) {
            String name = "camera-" + camera;
            int partition = camera % PARTITIONS;
            List<ConsumerRecord<String, Detections>> own =
                    found.stream().filter(record -> record.key().equals(name)).toList();
            assertThat(own).allMatch(record -> record.partition() == partition);
            assertThat(own)
                    .extracting(record -> record.value().reference())
                    .isEqualTo(sent.stream()
                            .map(Frame::reference)
                            .filter(reference -> reference.camera().equals(name))
                            .toList());
            assertThat(own.get(0).value().content()).isEqualTo(heartbeat(Heartbeat.State.STARTED));
            assertThat(own.get(5).value().content())
                    .isEqualTo(new Dropped(Dropped.Reason.UNREADABLE, "a damaged JPEG"));
            assertThat(own.get(7).value().content())
                    .isInstanceOfSatisfying(
                            Faces.class,
                            faces -> assertThat(faces.faces()).singleElement().matches(Face::usable));
        }
        assertThat(registry.counter("paseo.frames.processed", "camera", "camera-1")
                        .count())
                .isEqualTo(58);
        assertThat(registry.counter("paseo.frames.dropped", "camera", "camera-1", "reason", "unreadable")
                        .count())
                .isEqualTo(1);
        assertThat(registry.counter("paseo.dead.letters", "topic", "frames", "reason", "unreadable")
                        .count())
                .isEqualTo(1);
        assertThat(registry.counter("paseo.faces.usable").count()).isEqualTo(174);
        assertThat(registry.timer("paseo.stage.duration", "stage", "embed").count())
                .isEqualTo(174);
        assertThat(committed()).isEqualTo(ends(Topics.FRAMES.name()));
    }

    @Test
    void aFileGoesOnThoughTheCameraThatItWaitedForIsSilent() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        try (Running worker = new Running(new SimpleMeterRegistry())) {
            send("file-1", 0, 8);
            assertThat(read(ends, 8)).hasSize(8);
            long now = System.currentTimeMillis() * 1000;
            int pictures = 20;
            try (KafkaProducer<String, byte[]> producer = producer()) {
                // One alone could come at the moment of the file's turn.
                for (int number = 0; number < pictures; number++) {
                    Frame old = new Frame(
                            new FrameReference("silent", now, number, now + number, now),
                            new Image(jpeg, 128, 128, 128, 128, now - 1, 0, false));
                    send(producer, 0, "silent", Topics.FRAMES.codec().encode(old));
                }
            }
            assertThat(read(ends, 8 + pictures)).hasSize(8 + pictures);
            send("file-1", 8, 16);
            assertThat(read(ends, 16 + pictures)).hasSize(16 + pictures);
            worker.assertRunning();
        }
    }

    @Test
    void aSecondWorkerGoesOnWhereTheFirstStopped() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        try (Running worker = new Running(new SimpleMeterRegistry())) {
            send("resumed", 0, 10);
            assertThat(read(ends, 10)).hasSize(10);
            worker.assertRunning();
        }
        send("resumed", 10, 20);
        try (Running worker = new Running(new SimpleMeterRegistry())) {
            List<ConsumerRecord<String, Detections>> all = read(ends, 20);
            worker.assertRunning();
            assertThat(all)
                    .extracting(record -> record.value().reference().number())
                    .isEqualTo(LongStream.range(0, 20).boxed().toList());
        }
        assertThat(ends(Topics.DETECTIONS.name()).get(new TopicPartition(Topics.DETECTIONS.name(), 0)))
                .isEqualTo(ends.getOrDefault(new TopicPartition(Topics.DETECTIONS.name(), 0), 0L) + 20);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 10: a worker whose models fail ends, and the next one looks at what it had in hand")
    void aWorkerWhoseModelsFailLeavesItsFramesToTheNext() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        send("failing", 0, 5);
        Path directory = folder.resolve("fragile");
        ModelPack pack =
                new SmallPack(directory).embedder(SmallPack.fragileEmbedder()).write();
        ModelStore store = new ModelStore(List.of(directory), directory);
        try (FacePipeline failing = FacePipeline.open(pack, store, new PipelineSettings(2, Set.of()));
                InferenceWorker worker = new InferenceWorker(
                        WorkerSettings.of(kafka.bootstrapServers()), failing, new SimpleMeterRegistry())) {
            assertThatThrownBy(worker::run).isInstanceOf(PipelineFailedException.class);
        }
        assertThat(ends(Topics.DETECTIONS.name())).isEqualTo(ends);
        try (Running worker = new Running(new SimpleMeterRegistry())) {
            assertThat(read(ends, 5))
                    .extracting(ConsumerRecord::value)
                    .allSatisfy(detections -> assertThat(detections.content()).isInstanceOf(Faces.class));
            worker.assertRunning();
        }
    }

    @Test
    void twoWorkersShareThePartitions() throws Exception {
        Map<TopicPartition, Long> ends = ends(Topics.DETECTIONS.name());
        MeterRegistry one = new SimpleMeterRegistry();
        MeterRegistry two = new SimpleMeterRegistry();
        try (Running first = new Running(one);
                Running second = new Running(two)) {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            int sent = 0;
            // Until both have had a frame: the broker shares the partitions out when it has seen both.
            while ((processed(one) == 0 || processed(two) == 0) && System.nanoTime() < deadline) {
                send("shared-0", sent, sent + 4);
                send("shared-1", sent, sent + 4);
                sent += 4;
                read(ends, 2 * sent);
            }
            assertThat(processed(one)).isPositive();
            assertThat(processed(two)).isPositive();
            first.assertRunning();
            second.assertRunning();
        }
    }

    @Test
    void anUnreachableKafkaIsAnError() {
        InferenceWorker worker =
                new InferenceWorker(WorkerSettings.of("127.0.0.1:1"), pipeline, new SimpleMeterRegistry());
        assertThatThrownBy(worker::run).isInstanceOf(KafkaException.class);
    }

    private static double processed(MeterRegistry registry) {
        return registry.find("paseo.frames.processed").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void stopsThoughKafkaTakesNothingAnyMore() throws Exception {
        EmbeddedKafka lost = EmbeddedKafka.start(folder.resolve("lost"));
        InferenceWorker worker =
                new InferenceWorker(WorkerSettings.of(lost.bootstrapServers()), pipeline, new SimpleMeterRegistry());
        CompletableFuture<Void> run;
        try (lost;
                Admin admin = KafkaClients.admin(KafkaConnection.of(lost.bootstrapServers()));
                KafkaProducer<String, byte[]> producer = producer(lost)) {
            Topics.prepare(admin, 1);
            ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
            for (int number = 0; number < 5_000; number++) {
                FrameReference reference = new FrameReference("camera", 1, number, number * 40_000L, 7);
                Frame frame = new Frame(reference, new Image(jpeg, 128, 128, 128, 128));
                send(producer, 0, "camera", Topics.FRAMES.codec().encode(frame));
            }
            run = CompletableFuture.runAsync(worker::run);
            TopicPartition detections = new TopicPartition(Topics.DETECTIONS.name(), 0);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (admin.listOffsets(Map.of(detections, OffsetSpec.latest()))
                            .partitionResult(detections)
                            .get()
                            .offset()
                    == 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
        assertThat(CompletableFuture.runAsync(worker::close)).succeedsWithin(Duration.ofMinutes(2));
        assertThat(run).succeedsWithin(DEADLINE);
    }

    private static void send(String camera, int from, int to) throws IOException {
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (int number = from; number < to; number++) {
                Frame frame = new Frame(
                        new FrameReference(camera, 1, number, number, number), new Image(jpeg, 128, 128, 128, 128));
                int partition = camera.endsWith("1") ? 1 : 0;
                send(producer, partition, camera, Topics.FRAMES.codec().encode(frame));
            }
        }
    }

    private static Heartbeat heartbeat(Heartbeat.State state) {
        return new Heartbeat(state, new Source("test.mp4", Source.Kind.FILE, 128, 128, 25, 0), "");
    }

    private static void send(KafkaProducer<String, byte[]> producer, int partition, String camera, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(Topics.FRAMES.name(), partition, camera, value))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("a frame was not stored", e);
        }
    }

    private static KafkaProducer<String, byte[]> producer() {
        return producer(kafka);
    }

    private static KafkaProducer<String, byte[]> producer(EmbeddedKafka broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Reads that many records of {@code detections} behind the given ends. */
    private static List<ConsumerRecord<String, Detections>> read(Map<TopicPartition, Long> from, int count) {
        List<ConsumerRecord<String, Detections>> found = new ArrayList<>();
        try (KafkaConsumer<String, Detections> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                Topics.DETECTIONS.codec().deserializer())) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (found.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(count);
        return found;
    }

    private static Map<TopicPartition, Long> ends(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            return consumer.endOffsets(List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)));
        }
    }

    private static Map<TopicPartition, Long> committed() throws ExecutionException, InterruptedException {
        try (Admin admin = KafkaClients.admin(KafkaConnection.of(kafka.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(Topics.INFERENCE_GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return offsets.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        }
    }

    /** A worker on a thread of its own. */
    private static final class Running implements AutoCloseable {
        private final InferenceWorker worker;
        private final CompletableFuture<Void> run;

        Running(MeterRegistry registry) {
            worker = new InferenceWorker(WorkerSettings.of(kafka.bootstrapServers()), pipeline, registry);
            run = CompletableFuture.runAsync(worker::run);
        }

        void assertRunning() {
            assertThat(run).isNotDone();
        }

        @Override
        public void close() {
            worker.close();
            run.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
