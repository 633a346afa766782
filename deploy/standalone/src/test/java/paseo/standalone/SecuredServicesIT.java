package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedPostgres;
import paseo.events.Sighting;
import paseo.events.Topics;
import paseo.matching.ApiDatabase;
import paseo.matching.DatabaseSettings;
import paseo.operations.TraceParent;
import paseo.testing.Assets;

/** The four services over a broker with TLS, SASL and the rights of {@code deploy/kafka/acls.txt}, and no others. */
@Tag("e2e")
class SecuredServicesIT {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @Test
    void theServicesWorkWithTheRightsThatAreDocumented() throws Exception {
        Path video = Assets.require("videos/preview/head-pose-face-detection-female.gif");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        try (SecuredKafka kafka = SecuredKafka.start(directory, rules());
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")));
                ServiceProcesses services = new ServiceProcesses(directory)) {
            // Each of the ways in which settings can be given.
            Map<String, String> tracker = new TreeMap<>(environment(kafka, "tracker-streams"));
            tracker.put("PASEO_LOG_FORMAT", "json");
            services.start(
                    paseo.tracking.Main.class,
                    tracker,
                    "--state-dir",
                    directory.resolve("tracker").toString());
            Map<String, String> matcher = new TreeMap<>(environment(kafka, "matcher"));
            matcher.put("PASEO_POSTGRES_USER", postgres.user());
            matcher.put("PASEO_POSTGRES_PASSWORD", postgres.password());
            services.start(paseo.matching.Main.class, matcher, "--postgres", postgres.jdbcUrl());
            services.start(
                    paseo.inference.Main.class,
                    Map.of(),
                    "--kafka",
                    kafka.bootstrapServers(),
                    "--kafka-config",
                    file(kafka.settings("inference-worker")).toString());
            Process producer =
                    services.start(paseo.frames.Main.class, Map.of(), arguments(kafka, "frame-producer", video));
            assertThat(producer.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .as(services::logs)
                    .isTrue();
            assertThat(producer.exitValue()).as(services::logs).isZero();
            assertThat(sighting(kafka, services).camera()).isNotEmpty();
            erase(postgres);
            awaitNoFaces(kafka, services);
            assertThat(services.log(paseo.tracking.Main.class).lines())
                    .as("the log as objects")
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("{\"timestamp\":") && line.endsWith("}"));
            for (String user : SecuredKafka.SERVICES) {
                assertThat(services.logs()).doesNotContain(SecuredKafka.password(user));
            }
        }
    }

    @Test
    void nobodyMayDoMore() throws Exception {
        try (SecuredKafka kafka = SecuredKafka.start(directory, rules())) {
            assertThatThrownBy(() -> write(kafka, "inference-worker", Topics.SIGHTINGS.name()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> write(kafka, "tracker-streams", Topics.FRAMES.name()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> write(kafka, "matcher", Topics.SEQUENCES.name()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> read(kafka, "frame-producer", Topics.SEQUENCES.name()))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> read(kafka, "matcher", Topics.FRAMES.name()))
                    .isInstanceOf(TopicAuthorizationException.class);
            try (Admin admin = Admin.create(kafka.as("inference-worker").admin(Map.of()))) {
                assertThatThrownBy(() -> admin.deleteTopics(List.of(Topics.FRAMES.name()))
                                .all()
                                .get())
                        .hasCauseInstanceOf(AuthorizationException.class);
            }
            assertThatThrownBy(() -> delete(kafka, "matcher", Topics.SIGHTINGS.name()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> delete(kafka, "tracker-streams", Topics.DETECTIONS.name()))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void aWrongPasswordIsSaidInALineThatDoesNotRepeatIt() throws Exception {
        try (SecuredKafka kafka = SecuredKafka.start(directory, rules());
                ServiceProcesses services = new ServiceProcesses(directory)) {
            Map<String, String> environment = new TreeMap<>(environment(kafka, "inference-worker"));
            environment.computeIfPresent(
                    "PASEO_KAFKA_SASL_JAAS_CONFIG", (name, jaas) -> jaas.replace("-secret", "-wrong"));
            Assets.require("models/retail/face-reidentification-retail-0095.onnx");
            Process worker = services.start(paseo.inference.Main.class, environment);
            assertThat(worker.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(1);
            assertThat(services.log(paseo.inference.Main.class))
                    .contains("Authentication failed")
                    .doesNotContain("canary");
        }
    }

    private static void erase(EmbeddedPostgres postgres) {
        try (ApiDatabase database =
                ApiDatabase.open(new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password()))) {
            assertThat(database.erasure("test").person(1)).isPresent();
        }
    }

    /** The matcher deletes what everybody has read; it may. */
    private static void awaitNoFaces(SecuredKafka kafka, ServiceProcesses services) throws Exception {
        List<TopicPartition> partitions = Topics.withFaces().stream()
                .flatMap(topic -> Stream.of(new TopicPartition(topic.name(), 0), new TopicPartition(topic.name(), 1)))
                .toList();
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "admin")) {
            while (!consumer.beginningOffsets(partitions).equals(consumer.endOffsets(partitions))) {
                assertThat(System.nanoTime()).as(services::logs).isLessThan(deadline);
            }
            assertThat(consumer.endOffsets(partitions))
                    .as("there was something")
                    .anySatisfy((partition, end) -> assertThat(end).isPositive());
        }
    }

    private static void delete(SecuredKafka kafka, String user, String topic)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.as(user).admin(Map.of()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
    }

    private static Path rules() {
        return Path.of(System.getenv("PASEO_ROOT"), "deploy", "kafka", "acls.txt");
    }

    private static Map<String, String> environment(SecuredKafka kafka, String service) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PASEO_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        kafka.settings(service)
                .forEach((name, value) -> environment.put(
                        "PASEO_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }

    private static String[] arguments(SecuredKafka kafka, String service, Path video) {
        List<String> arguments = new ArrayList<>(List.of("--kafka", kafka.bootstrapServers()));
        kafka.settings(service).forEach((name, value) -> arguments.add("--kafka." + name + "=" + value));
        arguments.add(video.toString());
        return arguments.toArray(String[]::new);
    }

    private Path file(Map<String, String> settings) throws IOException {
        Path file = directory.resolve("client.properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    private static Sighting sighting(SecuredKafka kafka, ServiceProcesses services) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "admin")) {
            consumer.assign(List.of(
                    new TopicPartition(Topics.SIGHTINGS.name(), 0), new TopicPartition(Topics.SIGHTINGS.name(), 1)));
            consumer.seekToBeginning(consumer.assignment());
            while (System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    Sighting sighting = Topics.SIGHTINGS.codec().decode(record.value());
                    assertThat(new String(
                                    record.headers()
                                            .lastHeader(TraceParent.HEADER)
                                            .value(),
                                    StandardCharsets.UTF_8))
                            .as("the trace of a sighting is its sequence's")
                            .contains(sighting.sequenceId().toString().replace("-", ""));
                    return sighting;
                }
            }
        }
        throw new AssertionError("no sighting in time: " + services.logs());
    }

    private static void write(SecuredKafka kafka, String user, String topic)
            throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                kafka.as(user).producer(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
        }
    }

    private static void read(SecuredKafka kafka, String user, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, user)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.seekToBeginning(consumer.assignment());
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200));
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(SecuredKafka kafka, String user) {
        return new KafkaConsumer<>(
                kafka.as(user).consumer(Map.of("enable.auto.commit", false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
