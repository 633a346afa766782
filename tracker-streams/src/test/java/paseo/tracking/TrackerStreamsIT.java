package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Detections;
import paseo.events.SequenceEvent;
import paseo.events.SequenceEvent.SessionEnded;
import paseo.events.Topics;

/** On a real broker: whatever is killed whenever, each sequence event is there once. */
class TrackerStreamsIT {
    private static final int PARTITIONS = 2;
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private final List<ConsumerRecord<String, SequenceEvent>> written = new ArrayList<>();
    private EmbeddedKafka kafka;
    private KafkaProducer<String, Detections> producer;
    private KafkaConsumer<String, SequenceEvent> consumer;

    @BeforeEach
    void start() throws EmbeddedFailure {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.prepare(admin, PARTITIONS);
        }
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new StringSerializer(),
                Topics.DETECTIONS.codec().serializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                Topics.SEQUENCES.codec().deserializer());
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(Topics.SEQUENCES.name(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    @AfterEach
    void stop() {
        consumer.close();
        producer.close();
        kafka.close();
    }

    @Test
    void writesEachEventOnceThoughKilledAgainAndAgain() throws Exception {
        Map<String, List<Detections>> cameras = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            String camera = "camera-" + i;
            cameras.put(
                    camera,
                    Scenes.crowd(i, 5, 300, 25).stream()
                            .map(record -> Scenes.ofCamera(camera, record))
                            .toList());
        }
        Path state = directory.resolve("state");

        Process tracker = tracker(state);
        send(cameras, 0, 0.3);
        readUntil(() -> written.size() > 5);
        kill(tracker);

        tracker = tracker(state);
        send(cameras, 0.25, 0.6);
        int before = written.size();
        readUntil(() -> written.size() > before + 5);
        kill(tracker);

        delete(state);
        send(cameras, 0.6, 1);
        TrackerSettings settings = TrackerSettings.of(kafka.bootstrapServers(), state);
        try (TrackerStreams streams = new TrackerStreams(settings, new SimpleMeterRegistry())) {
            streams.start();
            readUntil(() -> streams.running() && ended() == cameras.size());
            assertThat(streams.running()).isTrue();
        }

        cameras.forEach((camera, records) -> {
            List<ConsumerRecord<String, SequenceEvent>> ofCamera = written.stream()
                    .filter(record -> record.key().equals(camera))
                    .toList();
            assertThat(ofCamera).extracting(ConsumerRecord::value).isEqualTo(track(camera, records));
            assertThat(ofCamera).extracting(ConsumerRecord::partition).containsOnly(partition(camera));
        });
        facesOfEndedTracksAreNotKeptForLongAndACrowdFits();
    }

    private void facesOfEndedTracksAreNotKeptForLongAndACrowdFits() throws ExecutionException, InterruptedException {
        ConfigResource topic = new ConfigResource(
                ConfigResource.Type.TOPIC, TrackerStreams.APPLICATION + "-" + TrackerTopology.STORE + "-changelog");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeConfigs(List.of(topic)).all().get().values())
                    .flatMap(Config::entries)
                    .filteredOn(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                    .extracting(ConfigEntry::name, ConfigEntry::value)
                    .contains(
                            tuple(TopicConfig.SEGMENT_MS_CONFIG, "3600000"),
                            tuple(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "3600000"),
                            tuple(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "16777216"));
        }
    }

    /** The service as users start it. */
    private Process tracker(Path state) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--kafka",
                        kafka.bootstrapServers(),
                        "--state-dir",
                        state.toString(),
                        "--partitions",
                        Integer.toString(PARTITIONS))
                .inheritIO()
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        assertThat(process.isAlive()).as("the tracker runs until it is killed").isTrue();
        process.destroyForcibly().waitFor();
    }

    private static int partition(String camera) {
        return camera.endsWith("0") ? 0 : 1;
    }

    private void send(Map<String, List<Detections>> cameras, double from, double to) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        cameras.forEach((camera, records) -> {
            int last = (int) (to * records.size());
            for (Detections record : records.subList((int) (from * records.size()), last)) {
                sent.add(producer.send(
                        new ProducerRecord<>(Topics.DETECTIONS.name(), partition(camera), camera, record)));
            }
        });
        for (Future<?> record : sent) {
            record.get();
        }
    }

    private void readUntil(BooleanSupplier enough) {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (!enough.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("%d events, %d sessions ended", written.size(), ended())
                    .isBefore(deadline);
            consumer.poll(Duration.ofMillis(100)).forEach(written::add);
        }
    }

    private long ended() {
        return written.stream()
                .filter(record -> record.value() instanceof SessionEnded)
                .count();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static List<SequenceEvent> track(String camera, List<Detections> records) {
        Tracker tracker = new Tracker(camera, Scenes.EPOCH, TrackerParameters.standard());
        return records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }
}
