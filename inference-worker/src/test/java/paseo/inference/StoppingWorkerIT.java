package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Detections;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;

class StoppingWorkerIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final TopicPartition FRAMES = new TopicPartition(Topics.FRAMES.name(), 0);
    private static final TopicPartition DETECTIONS = new TopicPartition(Topics.DETECTIONS.name(), 0);
    /** What one poll brings. */
    private static final int PICTURES = 14;

    @TempDir
    private Path directory;

    @Test
    void leavesInTheMiddleOfABatchAndTheNextOneGoesOnThere() throws Exception {
        ModelPack pack = new SmallPack(directory).write();
        ModelStore store = new ModelStore(List.of(directory), directory);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                Admin admin = KafkaClients.admin(KafkaConnection.of(kafka.bootstrapServers()));
                FacePipeline pipeline = FacePipeline.open(pack, store, new PipelineSettings(1, Set.of()))) {
            Topics.prepare(admin, 1);
            sendPictures(kafka);
            InferenceWorker first = worker(kafka, pipeline);
            CountDownLatch looks = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            pipeline.observe((stage, nanos) -> {
                looks.countDown();
                await(goesOn);
            });
            CompletableFuture<Void> run = CompletableFuture.runAsync(first::run);
            await(looks);
            Thread stop = new Thread(first::close);
            stop.start();
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (stop.getState() != Thread.State.TIMED_WAITING) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            goesOn.countDown();
            assertThat(run).succeedsWithin(DEADLINE);

            int stored = numbers(kafka).size();
            assertThat(stored).isBetween(1, PICTURES - 1);
            assertThat(admin.listConsumerGroupOffsets(Topics.INFERENCE_GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(FRAMES, new OffsetAndMetadata(stored, "left"));

            InferenceWorker second = worker(kafka, pipeline);
            CompletableFuture<Void> rest = CompletableFuture.runAsync(second::run);
            while (numbers(kafka).size() < PICTURES) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                assertThat(rest).isNotDone();
            }
            second.close();
            assertThat(rest).succeedsWithin(DEADLINE);
            assertThat(numbers(kafka))
                    .containsExactlyElementsOf(
                            LongStream.range(0, PICTURES).boxed().toList());
        }
    }

    private static InferenceWorker worker(EmbeddedKafka kafka, FacePipeline pipeline) {
        return new InferenceWorker(WorkerSettings.of(kafka.bootstrapServers()), pipeline, new SimpleMeterRegistry());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sendPictures(EmbeddedKafka kafka) throws Exception {
        ByteBuffer jpeg = FacePipelineTest.jpeg(SmallPack.picture(128, 128, 8, 8));
        try (KafkaProducer<String, Frame> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                Topics.FRAMES.codec().serializer())) {
            for (int number = 0; number < PICTURES; number++) {
                Frame frame = new Frame(
                        new FrameReference("file", 1, number, number * 40_000L, 7),
                        new Image(jpeg, 128, 128, 128, 128));
                producer.send(new ProducerRecord<>(Topics.FRAMES.name(), 0, "file", frame))
                        .get();
            }
        }
    }

    /** Of all detections, in their order. */
    private static List<Long> numbers(EmbeddedKafka kafka) {
        List<Long> numbers = new ArrayList<>();
        try (KafkaConsumer<String, Detections> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                Topics.DETECTIONS.codec().deserializer())) {
            consumer.assign(List.of(DETECTIONS));
            consumer.seekToBeginning(List.of(DETECTIONS));
            long end = consumer.endOffsets(List.of(DETECTIONS)).getOrDefault(DETECTIONS, 0L);
            while (consumer.position(DETECTIONS) < end) {
                for (ConsumerRecord<String, Detections> entry : consumer.poll(Duration.ofMillis(100))) {
                    numbers.add(entry.value().reference().number());
                }
            }
        }
        return numbers;
    }
}
