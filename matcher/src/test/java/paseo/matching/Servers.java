package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;
import paseo.events.EventCodec;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.events.Topics;

/** A real Kafka and a real PostgreSQL for all tests of a run; each test gets topics and a database of its own. */
final class Servers implements AutoCloseable {
    static final int PARTITIONS = 4;
    static final MatchThresholds THRESHOLDS = new MatchThresholds(0.75, 0.7, 0.02, "test");

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final Admin admin;
    private KafkaProducer<String, byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private int databases;

    private Servers(Path directory, EmbeddedKafka kafka, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.kafka = kafka;
        this.postgres = postgres;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        this.producer = newProducer();
    }

    private KafkaProducer<String, byte[]> newProducer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    static Servers start(Path directory) throws IOException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Files.createDirectories(directory.resolve("kafka")));
        return new Servers(
                directory, kafka, EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres"))));
    }

    /** Empty topics and an empty database for the next test. */
    void renew() throws SQLException, ExecutionException, InterruptedException {
        // A producer that knows a topic goes on looking for it after another one has taken its name.
        producer.close(Duration.ZERO);
        producer = newProducer();
        sent.clear();
        List<String> names = Topics.all().stream().map(Topic::name).toList();
        List<String> there = admin.listTopics().names().get().stream()
                .filter(names::contains)
                .toList();
        admin.deleteTopics(there).all().get();
        await(() -> names.stream().noneMatch(this::exists));
        Topics.prepare(admin, PARTITIONS);
        databases++;
        try (Connection connection = connect("paseo")) {
            Sql.update(connection, "CREATE DATABASE test_" + databases);
        }
    }

    private boolean exists(String topic) {
        try {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    Admin admin() {
        return admin;
    }

    DatabaseSettings database() {
        return new DatabaseSettings(url("test_" + databases), postgres.user(), postgres.password());
    }

    private String url(String database) {
        return postgres.jdbcUrl().substring(0, postgres.jdbcUrl().lastIndexOf('/') + 1) + database;
    }

    /** A connection of the test's own. */
    Connection connect() throws SQLException {
        return connect("test_" + databases);
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), postgres.user(), postgres.password());
    }

    /**
     * One of PostgreSQL's processes is killed, whereupon it ends all others and recovers: whatever is unlogged is gone.
     */
    void crash() throws SQLException {
        try (Connection witness = connect();
                Connection victim = connect()) {
            long pid = Sql.one(victim, "SELECT pg_backend_pid()", row -> row.getLong(1));
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await(() -> !valid(witness));
        }
        await(() -> {
            try (Connection connection = connect()) {
                return valid(connection);
            } catch (SQLException e) {
                return false;
            }
        });
    }

    private static boolean valid(Connection connection) {
        try {
            return connection.isValid(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a statement in the test's database. */
    void execute(String sql, Object... parameters) throws SQLException {
        try (Connection connection = connect()) {
            Sql.update(connection, sql, parameters);
        }
    }

    /** Lets no statement delete more rows of a table than this. */
    void refuseToDeleteMoreThan(int most, String table) throws SQLException {
        execute("""
                CREATE FUNCTION refuse_many() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF (SELECT count(*) FROM gone) > %d THEN
                        RAISE EXCEPTION 'too many for one statement';
                    END IF;
                    RETURN NULL;
                END $$
                """.formatted(most));
        execute("""
                CREATE TRIGGER refuse_many AFTER DELETE ON %s REFERENCING OLD TABLE AS gone
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_many()
                """.formatted(table));
    }

    /** @param rows what stands behind FROM */
    long count(String rows, Object... parameters) {
        try (Connection connection = connect()) {
            return Sql.one(connection, "SELECT count(*) FROM " + rows, row -> row.getLong(1), parameters);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Keeps the test's database as it is now, as a replica that lags from now on. Nobody may be connected. */
    void keepReplica() throws SQLException {
        try (Connection connection = connect("paseo")) {
            Sql.update(connection, "CREATE DATABASE replica_" + databases + " TEMPLATE test_" + databases);
        }
    }

    /** The replica takes the place of the database, and all connections to that break. */
    void failOver() throws SQLException {
        try (Connection connection = connect("paseo")) {
            String current = "test_" + databases;
            connection.setAutoCommit(false);
            await(() -> renamed(connection, current));
        }
    }

    private boolean renamed(Connection connection, String current) {
        try {
            Sql.query(
                    connection,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
                    row -> row.getBoolean(1),
                    current);
            Sql.update(connection, "ALTER DATABASE " + current + " RENAME TO lost_" + databases);
            Sql.update(connection, "ALTER DATABASE replica_" + databases + " RENAME TO " + current);
            connection.commit();
            return true;
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                throw new AssertionError(broken);
            }
            return false;
        }
    }

    MatcherSettings settings() {
        return new MatcherSettings(bootstrapServers(), PARTITIONS, database(), Recording.PACK, THRESHOLDS);
    }

    Matcher startMatcher(SimpleMeterRegistry registry) {
        Matcher matcher = new Matcher(settings(), registry);
        matcher.start();
        return matcher;
    }

    void send(Recording recording, int partition) {
        recording.detections.forEach(event ->
                send(Topics.DETECTIONS, partition, Topics.DETECTIONS.codec().encode(event)));
        recording.sequences.forEach(event ->
                send(Topics.SEQUENCES, partition, Topics.SEQUENCES.codec().encode(event)));
        producer.flush();
    }

    void send(Topic<?> topic, int partition, byte[] value) {
        send(topic, partition, "camera", value);
    }

    /** @param value null for a tombstone */
    void send(Topic<?> topic, int partition, String key, byte @Nullable [] value) {
        sent.add(producer.send(new ProducerRecord<>(topic.name(), partition, key, value)));
    }

    /** A record that says of itself what message it is. */
    void sendNamed(Topic<?> topic, String schema, byte[] value) {
        ProducerRecord<String, byte[]> named = new ProducerRecord<>(topic.name(), 0, "camera", value);
        named.headers().add(EventCodec.SCHEMA_HEADER, schema.getBytes(StandardCharsets.UTF_8));
        sent.add(producer.send(named));
    }

    /** Waits until the broker knows of a topic what the controller has made of it. */
    void awaitPartitions(String topic, int count) {
        await(() -> {
            try {
                return admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .values()
                                .iterator()
                                .next()
                                .partitions()
                                .size()
                        == count;
            } catch (ExecutionException e) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Waits until the database has consumed all of both topics, and the outbox is empty. */
    void awaitIdle() throws ExecutionException, InterruptedException {
        for (Future<RecordMetadata> confirmation : sent) {
            confirmation.get();
        }
        sent.clear();
        await(() -> {
            try (Connection connection = connect()) {
                return consumed(connection, Topics.DETECTIONS.name())
                        && consumed(connection, Topics.SEQUENCES.name())
                        && Sql.one(
                                        connection,
                                        "SELECT (SELECT count(*) FROM sighting_outbox) + (SELECT count(*) FROM person_outbox)",
                                        row -> row.getLong(1))
                                == 0;
            } catch (SQLException | ExecutionException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private boolean consumed(Connection connection, String topic)
            throws SQLException, ExecutionException, InterruptedException {
        long end = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            TopicPartition at = new TopicPartition(topic, partition);
            end += admin.listOffsets(Map.of(at, OffsetSpec.latest()))
                    .partitionResult(at)
                    .get()
                    .offset();
        }
        boolean tables =
                Sql.one(connection, "SELECT to_regclass('consumed_offset') IS NOT NULL", row -> row.getBoolean(1));
        return tables
                && Sql.one(
                                connection,
                                "SELECT coalesce(sum(next_offset), 0) FROM consumed_offset WHERE topic = ?",
                                row -> row.getLong(1),
                                topic)
                        == end;
    }

    /** Everything on the topic {@code sightings}. */
    List<ConsumerRecord<String, Sighting>> sightings() throws ExecutionException, InterruptedException {
        return records(Topics.SIGHTINGS);
    }

    /** Everything on a topic, by partition and offset. */
    <T> List<ConsumerRecord<String, T>> records(Topic<T> topic) throws ExecutionException, InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers());
        List<ConsumerRecord<String, T>> records = new ArrayList<>();
        try (KafkaConsumer<String, T> consumer = new KafkaConsumer<>(
                settings, new StringDeserializer(), topic.codec().deserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                all.add(new TopicPartition(topic.name(), partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** All that a reader of the database can see, as text. */
    static String contents(DatabaseSettings database) {
        StringBuilder text = new StringBuilder();
        try (Archive archive = Archive.open(database)) {
            archive.people().forEach(row -> text.append(row).append('\n'));
            archive.sightings(SessionFilter.all())
                    .forEach(row -> text.append(row).append('\n'));
            archive.faces(SessionFilter.all(), row -> text.append(row).append('\n'));
            text.append(archive.counts());
        }
        try (Revisions revisions = Revisions.open(database)) {
            revisions.ledger().forEach(row -> text.append(row).append('\n'));
        }
        return text.toString();
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Override
    public void close() throws IOException {
        producer.close();
        admin.close();
        kafka.close();
        postgres.close();
        List<Path> files;
        try (Stream<Path> below = Files.walk(directory)) {
            files = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
