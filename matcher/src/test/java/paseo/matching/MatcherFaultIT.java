package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Sequence;
import paseo.events.Template;
import paseo.events.TopicMismatchException;
import paseo.events.Topics;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class MatcherFaultIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MatcherFaultIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 21, row 43: garbage, a later major version and NaN are set aside, and the stream goes on")
    void badRecordsAreCountedAndSetAside() throws Exception {
        Recording file = new Recording("street");
        file.walk(1, 4);
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            servers.send(Topics.DETECTIONS, 0, "garbage".getBytes(StandardCharsets.UTF_8));
            servers.send(Topics.DETECTIONS, 0, withNaN(file.detections.get(1)));
            servers.sendNamed(
                    Topics.DETECTIONS,
                    "paseo.v2.Detections",
                    Topics.DETECTIONS.codec().encode(file.detections.get(1)));
            servers.send(Topics.SEQUENCES, 0, Topics.SEQUENCES.codec().encode(ofAnotherDimension(file)));
            servers.send(file.end(), 0);
            servers.send(Topics.SEQUENCES, 0, Topics.SEQUENCES.codec().encode(ofAnotherDimension(file)));
            Recording after = new Recording("street-2");
            after.walk(1, 3);
            servers.send(after.end(), 0);
            servers.awaitIdle();

            assertThat(matcher.running()).isTrue();
            assertThat(deadLetters("detections", "unreadable")).isEqualTo(3);
            // The first one told the gallery its dimension, so it is the file's own that does not fit.
            assertThat(deadLetters("sequences", "unusable")).isPositive();
            assertThat(servers.records(Topics.deadLettersOf(Topics.DETECTIONS)))
                    .extracting(letter -> letter.value().value())
                    .contains(ByteBuffer.wrap("garbage".getBytes(StandardCharsets.UTF_8)));
            assertThat(archive.counts().faces()).isEqualTo(7);
            assertThat(archive.session("street-2", 1).finished()).isTrue();
        }
    }

    private double deadLetters(String topic, String reason) {
        return registry.counter("paseo.dead.letters", "topic", topic, "reason", reason)
                .count();
    }

    private static byte[] withNaN(Detections event) {
        Detections.Faces faces = (Detections.Faces) event.content();
        Embedding embedding = Objects.requireNonNull(faces.faces().get(0).embedding());
        byte[] record = Topics.DETECTIONS.codec().encode(event);
        ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 8 < record.length; at++) {
            if (bytes.getFloat(at) == embedding.get(0) && bytes.getFloat(at + 4) == embedding.get(1)) {
                bytes.putFloat(at, Float.NaN);
                return record;
            }
        }
        throw new AssertionError("the embedding is not in the record");
    }

    private static Sequence ofAnotherDimension(Recording file) {
        Template template = Recording.template(Embedding.normalised(new float[] {1, 2, 3}), 0, 0, 3);
        UUID id = Sequence.idOf(file.camera, 1, 0, 77);
        return file.sequence(id, 0, 3, List.of(), template, List.of(), Sequence.CloseReason.LEFT_VIEW, 0);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 43: the database itself refuses NaN")
    void theDatabaseItselfRefusesNaN() throws Exception {
        Archive.open(servers.database()).close();
        try (Connection connection = servers.connect()) {
            assertThatThrownBy(() -> Sql.update(connection, """
                            INSERT INTO template (pack_id, sequence_no, ordinal, embedding)
                            VALUES (1, 1, 0, '[1,NaN]'::halfvec)
                            """))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 26: a read-only database is waited for")
    void waitsWhileTheDatabaseTakesNoWritesAndGoesOnByItself() throws Exception {
        Recording file = new Recording("port");
        file.walk(1, 4);
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database())) {
            Recording before = new Recording("before");
            before.walk(2, 3);
            servers.send(before.end(), 0);
            servers.awaitIdle();
            setReadOnly(true);
            servers.send(file.end(), 0);
            Servers.await(() ->
                    registry.counter("paseo.db.faults", "topic", "sequences").count() >= 2);
            assertThat(matcher.running()).isTrue();
            assertThat(archive.session("port", 1).phase()).isEqualTo(SessionState.Phase.UNKNOWN);

            setReadOnly(false);
            Servers.await(() -> archive.session("port", 1).finished());
            assertThat(archive.people()).hasSize(2);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 26: a database without room is waited for")
    void waitsWhileTheDatabaseHasNoRoomAndGoesOnByItself() throws Exception {
        Recording file = new Recording("port");
        file.walk(1, 4);
        try (Matcher matcher = servers.startMatcher(registry);
                Archive archive = Archive.open(servers.database());
                Connection connection = servers.connect()) {
            // As PostgreSQL answers when it cannot extend a table: with disk_full, in the middle of a transaction.
            Sql.update(connection, """
                    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
                    END $$
                    """);
            Sql.update(connection, "CREATE TRIGGER no_room BEFORE INSERT ON face EXECUTE FUNCTION no_room()");
            long start = System.nanoTime();
            servers.send(file.end(), 0);
            Servers.await(() ->
                    registry.counter("paseo.db.faults", "topic", "detections").count() >= 4);
            assertThat(System.nanoTime() - start)
                    .as("100, 200 and 400 ms between four attempts")
                    .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(700));
            assertThat(matcher.running()).isTrue();
            assertThat(archive.counts().faces()).isZero();

            Sql.update(connection, "DROP TRIGGER no_room ON face");
            Servers.await(() -> archive.session("port", 1).finished());
            assertThat(archive.counts().faces()).isEqualTo(4);
            assertThat(deadLetters("detections", "unusable"))
                    .as("none set aside")
                    .isZero();
        }
    }

    private void setReadOnly(boolean readOnly) throws SQLException {
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "SET default_transaction_read_only = off");
            String name = Sql.one(connection, "SELECT current_database()", row -> row.getString(1));
            Sql.update(connection, "ALTER DATABASE " + name + " SET default_transaction_read_only = " + readOnly);
            if (readOnly) {
                Sql.query(
                        connection,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                        row -> row.getBoolean(1));
            }
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 9: a reader that was replaced meanwhile moves nothing")
    void aReaderThatWasReplacedMovesNothing() throws Exception {
        UUID topic = new UUID(1, 2);
        try (Database database = Database.open(servers.database())) {
            OffsetLedger.Claim old = database.transaction(c -> OffsetLedger.claim(c, topic, "test", 0));
            OffsetLedger.Claim moved = database.transaction(c -> OffsetLedger.advance(c, old, 10));
            assertThatThrownBy(() -> database.transaction(c -> OffsetLedger.advance(c, old, 10)))
                    .isInstanceOf(OffsetLedger.FencedException.class);

            OffsetLedger.Claim successor = database.transaction(c -> OffsetLedger.claim(c, topic, "test", 0));
            assertThat(successor.nextOffset()).isEqualTo(10);
            assertThatThrownBy(() -> database.transaction(c -> OffsetLedger.advance(c, moved, 20)))
                    .isInstanceOf(OffsetLedger.FencedException.class);
            assertThat(database.transaction(c -> OffsetLedger.advance(c, successor, 11))
                            .nextOffset())
                    .isEqualTo(11);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 25: after a failover to a replica that lagged, what it does not have is read again")
    void whatALaggingReplicaDoesNotHaveIsReadAgain() throws Exception {
        Recording before = new Recording("before");
        before.walk(1, 3);
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(before.end(), 0);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        servers.keepReplica();
        Recording lost = new Recording("lost");
        lost.walk(2, 4);
        lost.walk(1, 4);
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(lost.end(), 0);
            servers.awaitIdle();
            String undisturbed = Servers.contents(servers.database());
            int told = servers.sightings().size();
            assertThat(told).isPositive();

            servers.failOver();
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
            assertThat(Servers.contents(servers.database())).isEqualTo(undisturbed);
            assertThat(servers.sightings()).as("told once more").hasSizeGreaterThan(told);
            assertThat(servers.sightings().stream().map(ConsumerRecord::value).distinct())
                    .as("in the same words")
                    .hasSize(told);
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 27: a transaction that lost a race is done again, a few times")
    void aLostRaceIsRunAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Database database = Database.open(servers.database())) {
            for (String lost : List.of("40001", "40P01", "55P03")) {
                attempts.set(0);
                assertThat(database.<Integer>transaction(c -> attempts.incrementAndGet() < 3 ? fail(c, lost) : 7))
                        .as(lost)
                        .isEqualTo(7);
            }
            attempts.set(0);
            assertThatThrownBy(() -> database.<Integer>transaction(c -> {
                        attempts.incrementAndGet();
                        return fail(c, "40001");
                    }))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("40001"));
            assertThat(attempts).hasValueBetween(3, 10);
        }
    }

    private static int fail(Connection connection, String state) throws SQLException {
        return Sql.update(connection, "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '" + state + "'; END $$");
    }

    @Test
    @Tag("fault")
    @DisplayName("row 28: whatever can hang has a limit")
    void everythingThatCanHangHasALimit() throws Exception {
        try (Database database = Database.open(servers.database())) {
            for (String limit : List.of("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")) {
                assertThat(database.<String>transaction(c -> Sql.one(c, "SHOW " + limit, row -> row.getString(1))))
                        .as(limit)
                        .isNotEqualTo("0");
            }
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 30: tables of a later program are refused where they say so, else worked on beside it")
    void refusesTablesOfALaterProgramThatItCannotLiveWith() throws Exception {
        Archive.open(servers.database()).close();
        try (Connection connection = servers.connect()) {
            Sql.update(connection, """
                    INSERT INTO flyway_schema_history
                        (installed_rank, version, description, type, script, installed_by, execution_time, success)
                    VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'test', 0, true)
                    """);
            Recording file = new Recording("beside");
            file.walk(1, 4);
            try (Matcher earlier = servers.startMatcher(registry)) {
                servers.send(file.end(), 0);
                servers.awaitIdle();
                assertThat(earlier.running()).isTrue();
            }
            Sql.update(connection, "UPDATE compatibility SET oldest_program = 99");
        }
        assertThatThrownBy(() -> Archive.open(servers.database()))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("version 99")
                .hasMessageContaining("later Paseo");
    }

    @Test
    void namesTheServerThatCannotBeReached() {
        DatabaseSettings nowhere = new DatabaseSettings("jdbc:postgresql://127.0.0.1:1/paseo", "paseo", "secret");
        assertThatThrownBy(() -> Archive.open(nowhere))
                .isInstanceOfSatisfying(
                        UnusableDatabaseException.class,
                        fault -> assertThat(fault.unreachable()).isTrue())
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("secret");

        MatcherSettings settings = new MatcherSettings("127.0.0.1:1", 1, nowhere, Recording.PACK, Servers.THRESHOLDS);
        try (Matcher matcher = new Matcher(settings, registry)) {
            assertThatThrownBy(matcher::start).isInstanceOf(KafkaException.class);
            assertThat(matcher.running()).isFalse();
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 16: a topic with other settings is refused")
    void refusesATopicThatDoesNotFit() throws Exception {
        servers.admin().deleteTopics(List.of("sequences")).all().get();
        servers.admin()
                .createTopics(List.of(new NewTopic("sequences", 3, (short) 1).configs(Map.of())))
                .all()
                .get();
        servers.awaitPartitions("sequences", 3);
        try (Matcher matcher = new Matcher(servers.settings(), registry)) {
            assertThatThrownBy(matcher::start)
                    .isInstanceOf(TopicMismatchException.class)
                    .hasMessageContaining("sequences has 3 partitions");
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 46: sequences of another model pack are not compared")
    void anotherPacksSequencesStayUndecided() throws Exception {
        Recording file = new Recording("old");
        file.walk(1, 4);
        List<String> faults = new ArrayList<>();
        MatcherSettings other = new MatcherSettings(
                servers.bootstrapServers(), Servers.PARTITIONS, servers.database(), "other@2", Servers.THRESHOLDS);
        try (Matcher matcher = new Matcher(other, registry);
                Archive archive = Archive.open(servers.database())) {
            matcher.onFailure(fault -> faults.add(String.valueOf(fault.getMessage())));
            matcher.start();
            servers.send(file.end(), 0);
            Servers.await(() -> archive.session("old", 1).finished());

            assertThat(faults).isEmpty();
            assertThat(archive.people()).isEmpty();
            assertThat(archive.sightings(SessionFilter.all()))
                    .allMatch(row -> row.decision() == Decision.UNDECIDED
                            && row.modelPack().equals(Recording.PACK));
        }
    }
}
