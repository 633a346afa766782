package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.events.DeadLetter;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Faces;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;
import paseo.events.Topic;
import paseo.events.Topics;

/** Workers as processes, each started again when it has died, as a supervisor does. */
@Tag("fault")
class CrashingRecordIT {
    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final int KILLER = 3;
    private static final int FRAMES = 7;

    @TempDir
    private Path directory;

    @Test
    @DisplayName(
            "row 10: a picture that is too much for the heap costs three workers, is set aside, and the others go on")
    void aRecordThatKillsIsSetAside() throws Exception {
        new SmallPack(directory).write();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                Topics.prepare(admin, 1);
            }
            sendFrames(kafka);
            Process worker = start(kafka);
            try {
                int deaths = 0;
                List<Detections> found = List.of();
                long deadline = System.nanoTime() + DEADLINE.toNanos();
                while (found.size() < FRAMES) {
                    assertThat(System.nanoTime()).as(this::log).isLessThan(deadline);
                    if (worker.waitFor(200, TimeUnit.MILLISECONDS)) {
                        deaths++;
                        assertThat(worker.exitValue()).as(this::log).isNotZero();
                        worker = start(kafka);
                    }
                    found = read(kafka, Topics.DETECTIONS);
                }
                assertThat(deaths).isEqualTo(1 + CrashJournal.DEATHS);
                assertThat(found)
                        .extracting(detections -> detections.reference().number())
                        .contains(0L, 1L, 2L, 3L, 4L, 5L, 6L);
                assertThat(found)
                        .allSatisfy(detections -> assertThat(detections.content())
                                .isInstanceOf(detections.reference().number() == KILLER ? Dropped.class : Faces.class));
                assertThat(read(kafka, Topics.deadLettersOf(Topics.FRAMES)))
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.KILLED_PROCESS);
                            assertThat(letter.offset()).isEqualTo(KILLER);
                        });
            } finally {
                worker.destroyForcibly();
            }
        }
    }

    private static void sendFrames(EmbeddedKafka kafka) throws Exception {
        BgrImage small = SmallPack.picture(640, 360, 8, 8);
        ByteBuffer jpeg = FacePipelineTest.jpeg(small);
        ByteBuffer large = FacePipelineTest.jpeg(enlarged(small, 12));
        try (KafkaProducer<String, Frame> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.request.size", 16 << 20),
                new StringSerializer(),
                Topics.FRAMES.codec().serializer())) {
            for (int number = 0; number < FRAMES; number++) {
                Image image = number == KILLER
                        ? new Image(large, 7680, 4320, 7680, 4320)
                        : new Image(jpeg, 640, 360, 640, 360);
                Frame frame = new Frame(new FrameReference("door", 1, number, number * 40_000L, 7), image);
                producer.send(new ProducerRecord<>(Topics.FRAMES.name(), 0, "door", frame))
                        .get();
            }
        }
    }

    /** As large as is accepted: full-size pixels of it are a hundred megabytes. */
    private static BgrImage enlarged(BgrImage small, int times) {
        int width = small.width() * times;
        int height = small.height() * times;
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    pixels[(y * width + x) * 3 + channel] =
                            small.bgr().get(((y / times) * small.width() + x / times) * 3 + channel);
                }
            }
        }
        return BgrImage.of(pixels, width, height);
    }

    private Process start(EmbeddedKafka kafka) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--kafka",
                        kafka.bootstrapServers(),
                        "--pack",
                        directory.resolve("small/small.json").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("worker.log").toFile()))
                .start();
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("worker.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static <T> List<T> read(EmbeddedKafka kafka, Topic<T> topic) {
        List<T> found = new ArrayList<>();
        try (KafkaConsumer<String, T> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                topic.codec().deserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(topic.name(), 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long end = consumer.endOffsets(all).getOrDefault(all.get(0), 0L);
            while (consumer.position(all.get(0)) < end) {
                for (ConsumerRecord<String, T> entry : consumer.poll(Duration.ofMillis(100))) {
                    found.add(entry.value());
                }
            }
        }
        return found;
    }
}
