package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Camera;
import paseo.events.CameraStatus.State;
import paseo.events.Frame;
import paseo.events.FrameReference;
import paseo.events.Image;
import paseo.events.Topics;
import paseo.operations.KafkaConnection;
import paseo.operations.Management;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/** Cameras on the topic and the producers that divide them among themselves. */
class CameraProducerIT {
    private static final int PARTITIONS = 4;
    private static final Duration SOON = Duration.ofSeconds(90);
    /** On an idle machine; what dividing them took says how far this one is from that. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(15);

    @TempDir
    private static Path broker;

    private static EmbeddedKafka kafka;
    private static H264Clip clip;
    private final List<LabCamera> labs = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        clip = LabClips.moving(160, 120);
        kafka = EmbeddedKafka.start(broker);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.prepare(admin, PARTITIONS);
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 1: the cameras of a producer that is killed are watched by another within 15 s")
    void camerasSpreadOverProducersAndMoveWhenOneIsGone() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            labs.add(new LabCamera(clip));
            put("cam-" + i, labs.get(i).url(), i, false);
        }
        Process killed = main(broker.resolve("killed.log"), "--cameras");
        try (Running other = new Running()) {
            Duration slack = WatchedCamera.until(
                    () -> other.live().size() == PARTITIONS / 2 && eachIsWatchedOnce(),
                    SOON,
                    () -> "half of the cameras each: " + other + watchers());

            killed.destroyForcibly();
            assertThat(other.await(live -> live.size() == PARTITIONS, SOON)).isLessThan(TAKEN_OVER.plus(slack));
            WatchedCamera.until(this::eachIsWatchedOnce, SOON, () -> "one watcher each" + watchers());

            put("cam-1", labs.get(1).url(), 1, true);
            remove("cam-2", 2);
            other.await(live -> live.equals(Set.of("cam-0", "cam-3")), SOON);
            put("cam-1", labs.get(1).url(), 1, false);
            other.await(live -> live.equals(Set.of("cam-0", "cam-1", "cam-3")), SOON);
        } finally {
            killed.destroyForcibly();
            for (LabCamera lab : labs) {
                lab.close();
            }
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21: a record that nobody can read is no camera, and no other camera's trouble")
    void aRecordThatNobodyCanReadIsNoCamera() throws IOException {
        try (LabCamera lab = new LabCamera(clip);
                LabCamera other = new LabCamera(clip)) {
            put("spoilt", lab.url(), 0, false);
            put("whole", other.url(), 0, false);
            try (Running running = new Running()) {
                running.await(live -> live.containsAll(Set.of("spoilt", "whole")), SOON);
                send("spoilt", new byte[] {-1, -1}, 0);
                running.await(live -> live.contains("whole") && !live.contains("spoilt"), SOON);
                put("spoilt", lab.url(), 0, false);
                running.await(live -> live.containsAll(Set.of("spoilt", "whole")), SOON);
                send("spoilt", camera("other", lab.url(), false), 0);
                running.await(live -> live.equals(Set.of("whole")), SOON);
                put("spoilt", lab.url(), 0, false);
                running.await(live -> live.equals(Set.of("spoilt", "whole")), SOON);
            } finally {
                remove("spoilt", 0);
                remove("whole", 0);
            }
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: pictures that wait are as old as they are, whatever was set since the machine's start")
    void picturesGrowOldOnOneClock() {
        long day = Duration.ofDays(1).toNanos() / 1000;
        for (long set : new long[] {-day, 0, day}) {
            LiveClock clock = new LiveClock();
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (LiveKafka live = new LiveKafka(
                    KafkaConnection.of(kafka.bootstrapServers()), clock, () -> 15, Management.silent(meters))) {
                long captured = clock.micros() + set;
                Gauge age = meters.get("paseo.camera.waiting.age").gauge();
                WatchedCamera.until(
                        () -> {
                            live.send(0, picture(captured), 100_000, stored -> {});
                            return age.value() > 0.3;
                        },
                        SOON,
                        () -> "the age of what waits: " + age.value());
                assertThat(age.value()).isLessThan((double) SOON.toSeconds());
            }
        }
    }

    @Test
    void saysThatItsFilesCannotBeReadWhileItWatchesCameras() throws IOException {
        Path clip = Clips.moving(broker.resolve("beside.mp4"), 64, 48, 10, 5);
        Path said = broker.resolve("beside.log");
        Process beside = main(said, "--partition", "99", clip.toString(), "rtsp://127.0.0.1:9/none");
        try {
            WatchedCamera.until(
                    () -> !beside.isAlive() || text(said).contains("there is no partition 99"), SOON, () -> text(said));
            assertThat(beside.isAlive()).as(() -> text(said)).isTrue();
        } finally {
            beside.destroyForcibly();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Frame picture(long captureMicros) {
        return new Frame(
                new FrameReference("cam", 1, 0, captureMicros, captureMicros),
                new Image(ByteBuffer.allocate(1), 64, 48, 64, 48));
    }

    private boolean eachIsWatchedOnce() {
        return labs.stream().allMatch(lab -> lab.watchers() == 1);
    }

    private List<Integer> watchers() {
        return labs.stream().map(LabCamera::watchers).toList();
    }

    private static Process main(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--kafka",
                kafka.bootstrapServers()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static void put(String id, String url, int partition, boolean paused) {
        send(id, camera(id, url, paused), partition);
    }

    private static byte[] camera(String id, String url, boolean paused) {
        return Topics.CAMERAS.codec().encode(new Camera(id, url, 0, 0, Optional.empty(), 0, paused));
    }

    private static void remove(String id, int partition) {
        send(id, null, partition);
    }

    private static void send(String id, byte @Nullable [] camera, int partition) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(Topics.CAMERAS.name(), partition, id, camera));
            producer.flush();
        }
    }

    private static final class Running implements AutoCloseable {
        private final CameraProducer producer = CameraProducer.ofTopic(
                ProducerSettings.of(kafka.bootstrapServers()).withPartitions(PARTITIONS), new SimpleMeterRegistry());
        private final CompletableFuture<Void> run = CompletableFuture.runAsync(producer::run);

        Set<String> live() {
            return producer.status().stream()
                    .filter(camera -> camera.status().state() == State.LIVE)
                    .map(CameraReport::id)
                    .collect(Collectors.toSet());
        }

        Duration await(Predicate<Set<String>> goal, Duration limit) {
            return WatchedCamera.until(() -> goal.test(live()), limit, () -> "live cameras of " + this);
        }

        @Override
        public String toString() {
            return producer.status().toString() + (run.isDone() ? " ended" : "");
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
