package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;
import paseo.events.DeadLetter;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Sequence;
import paseo.events.Template;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.testing.Assets;

/**
 * Two people are seen, one is erased: no file of the data directory holds a byte of their face, and the other stays.
 * Nor did, before, any of the database's files that a copy of it holds, but for the keys.
 */
@Tag("e2e")
@Timeout(300)
class CanaryIT {
    private static final long ERASED = 1;
    private static final long OTHER = 2;
    private static final String CHANGELOG = "paseo-tracker-sessions-changelog";
    /** Kinds by which somebody is recognised or seen. */
    private static final Set<String> LOOKS = Set.of("embedding", "halves", "picture", "text");

    private static final Duration POLL = Duration.ofMillis(200);

    @TempDir
    Path directory;

    private final Canaries erased = new Canaries();
    private final Canaries other = new Canaries();

    @Test
    void noFileHoldsAnythingOfWhoIsErased() throws Exception {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Path both = Assets.require("videos/preview/head-pose-face-detection-female-and-male.gif");
        assertThat(run(both).findings().people()).hasSize(2);
        Path data = directory.resolve("data");
        Set<Path> unlogged = new HashSet<>();
        try (DataDirectory held = DataDirectory.open(data);
                EmbeddedPostgres postgres = Servers.postgresIn(held, Optional.empty(), note -> {});
                EmbeddedKafka kafka = Servers.kafkaIn(held)) {
            Detections event = gather(postgres, kafka, ERASED, erased).get(0);
            setAside(kafka, event);
            rememberInTracker(kafka, event);
            gather(postgres, kafka, OTHER, other);
            unlogged.addAll(unlogged(postgres, data.resolve("database/data")));
        }
        assertThat(erased.kinds()).containsExactly("embedding", "halves", "key", "picture", "text");
        Set<Path> plain = erased.files(data.resolve("database"), LOOKS);
        assertThat(plain).as("what is searched is plain").isNotEmpty();
        assertThat(unlogged).as("in files that no copy of the database holds").containsAll(plain);

        Map<String, Set<String>> before = erased.in(data);
        assertThat(String.join(" ", before.keySet()))
                .contains(
                        "database/data/base/",
                        "kafka/log/detections-#",
                        "kafka/log/detections-dead-letters-#",
                        "kafka/log/sequences-#",
                        "kafka/log/" + CHANGELOG + "-#",
                        "reports/");

        assertThat(command("people", "erase", Long.toString(ERASED), "--yes")).isEqualTo(ExitCodes.DONE);

        assertThat(erased.in(data)).as("what is found of who is erased").isEmpty();
        assertThat(other.in(data)).as("everybody else stays").isNotEmpty();
        Run.Outcome again = run(Assets.require("videos/preview/head-pose-face-detection-female.gif"));
        assertThat(again.complete()).isTrue();
        assertThat(again.findings().people())
                .as("who was erased does not come back")
                .extracting(Findings.PersonFound::number)
                .containsExactly(OTHER);
    }

    /** Files that are in no base backup: those of tables that are not logged, and of their indexes. */
    private static Set<Path> unlogged(EmbeddedPostgres postgres, Path data) throws SQLException {
        Set<Path> files = new HashSet<>();
        try (Connection connection = connect(postgres.jdbcUrl(), postgres)) {
            query(
                    connection,
                    "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relpersistence = 'u' AND relfilenode > ?",
                    0,
                    row -> files.add(data.resolve(row.getString(1))));
        }
        return files;
    }

    private static Connection connect(String url, EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(url, postgres.user(), postgres.password());
    }

    /** All that is known of a person; gives the records of {@code detections} with their faces. */
    private static List<Detections> gather(
            EmbeddedPostgres postgres, EmbeddedKafka kafka, long person, Canaries canaries) throws SQLException {
        Set<UUID> sequences = new HashSet<>();
        try (Connection connection = connect(postgres.jdbcUrl(), postgres);
                Connection keys = connect(postgres.jdbcUrl() + "_keys", postgres)) {
            query(
                    connection,
                    "SELECT id FROM sequence WHERE person = ?",
                    person,
                    row -> sequences.add(row.getObject(1, UUID.class)));
            query(
                    connection,
                    "SELECT halfvec_send(embedding) FROM template WHERE person = ?",
                    person,
                    row -> canaries.halves(row.getBytes(1)));
            query(
                    connection,
                    "SELECT halfvec_send(centre) FROM person_centre WHERE person = ?",
                    person,
                    row -> canaries.halves(row.getBytes(1)));
            query(keys, "SELECT id, key FROM sealing_key WHERE length(key) > ?", 0, row -> {
                if (sequences.contains(row.getObject(1, UUID.class))) {
                    canaries.key(row.getBytes(2));
                }
            });
        }
        Set<Sequence.Member> members = new HashSet<>();
        read(kafka, Topics.SEQUENCES, event -> {
            if (event instanceof Sequence sequence && sequences.contains(sequence.id())) {
                members.addAll(sequence.newMembers());
                Optional.ofNullable(sequence.template()).ifPresent(template -> add(template, canaries));
            }
        });
        List<Detections> records = new ArrayList<>();
        List<Embedding> faces = new ArrayList<>();
        read(kafka, Topics.DETECTIONS, event -> {
            if (event.content() instanceof Detections.Faces found) {
                for (int i = 0; i < found.faces().size(); i++) {
                    Face face = found.faces().get(i);
                    if (members.contains(new Sequence.Member(event.reference().number(), i))
                            && face.embedding() != null) {
                        canaries.embedding(face.embedding());
                        faces.add(face.embedding());
                        records.add(event);
                    }
                }
            }
        });
        halves(postgres, faces, canaries);
        return records;
    }

    /** Faces as the database would have them if it did not seal them. */
    private static void halves(EmbeddedPostgres postgres, List<Embedding> faces, Canaries canaries)
            throws SQLException {
        try (Connection connection = connect(postgres.jdbcUrl(), postgres);
                PreparedStatement statement = connection.prepareStatement("SELECT halfvec_send(?::halfvec)")) {
            for (Embedding face : faces) {
                statement.setString(1, Arrays.toString(face.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    canaries.halves(row.getBytes(1));
                }
            }
        }
    }

    private static void add(Template template, Canaries canaries) {
        canaries.embedding(template.centre());
        for (Template.Prototype prototype : template.prototypes()) {
            canaries.embedding(prototype.embedding());
            byte[] jpeg = new byte[prototype.crop().remaining()];
            prototype.crop().duplicate().get(jpeg);
            canaries.picture(jpeg);
        }
    }

    /** Does something with a row. */
    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private static void query(Connection connection, String sql, long person, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    row.read(rows);
                }
            }
        }
    }

    private static <T> void read(EmbeddedKafka kafka, Topic<T> topic, Consumer<T> consumer) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(POLL)
                        .forEach(record -> consumer.accept(topic.codec().decode(record.value())));
            }
        }
    }

    private static void setAside(EmbeddedKafka kafka, Detections event) {
        byte[] value = Topics.DETECTIONS.codec().encode(event);
        DeadLetter letter = new DeadLetter(
                "test", Topics.DETECTIONS.name(), 0, 0, DeadLetter.Reason.UNUSABLE, "a test", ByteBuffer.wrap(value));
        send(kafka, letter.toRecord(Topics.DETECTIONS, null));
    }

    /** What a tracker leaves that commits amid a session. One that is quick leaves no faces there, only the end. */
    private static void rememberInTracker(EmbeddedKafka kafka, Detections event) {
        byte[] key = "session".getBytes(StandardCharsets.US_ASCII);
        send(
                kafka,
                new ProducerRecord<>(CHANGELOG, key, Topics.DETECTIONS.codec().encode(event)));
        send(kafka, new ProducerRecord<>(CHANGELOG, key, null));
    }

    private static void send(EmbeddedKafka kafka, ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int command(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--data", directory.resolve("data").toString()));
        return Main.commandLine().execute(line.toArray(String[]::new));
    }

    private Run.Outcome run(Path video) {
        RunSettings settings = RunSettings.of(List.of(video.toString()), directory.resolve("data"));
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Run(settings, new Terminal(silent, silent, false, false, 0)).execute();
    }
}
