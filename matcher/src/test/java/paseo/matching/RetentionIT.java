package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class RetentionIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    RetentionIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void whatACameraKeepsForADayIsGoneAfterTwoAndNothingElse() throws Exception {
        Recording lobby = new Recording("lobby", Duration.ofDays(1).toSeconds());
        lobby.walk(1, 5);
        lobby.walk(2, 5);
        Recording hall = new Recording("hall");
        hall.walk(1, 5);
        try (Archive archive = Archive.open(servers.database());
                Database database = Database.open(servers.database())) {
            store(archive, lobby.end());
            store(archive, hall.end());
            assertThat(archive.people()).extracting(PersonSummary::sequences).containsExactly(2L, 1L);

            assertThat(forget(database, Optional.empty(), Duration.ofHours(12))).isZero();
            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isEqualTo(2);

            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L);
            assertThat(archive.person(1).orElseThrow().sightings())
                    .singleElement()
                    .satisfies(left -> assertThat(left.camera()).isEqualTo("hall"));
            assertThat(faces(archive))
                    .hasSize(5)
                    .allSatisfy(face -> assertThat(face.camera()).isEqualTo("hall"));
            assertThat(rows("frame")).isEqualTo(5);
            assertThat(registry.counter("paseo.retention.forgotten", "what", "frame")
                            .count())
                    .isEqualTo(10);
            assertThat(registry.counter("paseo.retention.forgotten", "what", "sequence")
                            .count())
                    .isEqualTo(2);
            // Two sightings and the person of whom nothing is left.
            assertThat(rows("tombstone_outbox")).isEqualTo(3);

            assertThat(forget(database, Optional.of(Duration.ofDays(10)), Duration.ofDays(11)))
                    .isEqualTo(1);
            assertThat(archive.people()).isEmpty();
            for (String table : List.of(
                    "frame",
                    "face",
                    "face_block",
                    "sequence",
                    "sequence_face",
                    "sealed_template",
                    "template",
                    "seen_together")) {
                assertThat(rows(table)).as(table).isZero();
            }
            // Of three sequences, and the frames of two sessions.
            assertThat(new KeyWishes(database).grant()).isEqualTo(5);
            long keys = database.keys()
                    .database()
                    .transaction(connection ->
                            Sql.one(connection, "SELECT count(*) FROM sealing_key", row -> row.getLong(1)));
            assertThat(keys).as("nor can any be read in a copy").isZero();
        }
    }

    @Test
    void theNumberOfWhoeverIsForgottenIsGivenToNobodyElse() throws Exception {
        Recording lobby = new Recording("lobby", 60);
        lobby.walk(1, 5);
        Recording hall = new Recording("hall");
        hall.walk(1, 5);
        try (Archive archive = Archive.open(servers.database());
                Database database = Database.open(servers.database())) {
            store(archive, lobby.end());
            assertThat(forget(database, Optional.empty(), Duration.ofHours(1))).isEqualTo(1);
            store(archive, hall.end());
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(2L);
        }
    }

    @Test
    void whatACameraWishesNowCountsForAllThatItHasSeen() throws Exception {
        Recording lobby = new Recording("lobby", Duration.ofDays(1).toSeconds());
        lobby.walk(1, 5);
        try (Archive archive = Archive.open(servers.database());
                Database database = Database.open(servers.database())) {
            store(archive, lobby.end());
            later("lobby", 2, "FILE", Duration.ofDays(9));
            later("lobby", 3, "CAMERA", Duration.ofDays(1));
            servers.execute("INSERT INTO camera_session (camera, epoch) VALUES ('lobby', 4)");

            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isZero();
            assertThat(rows("frame")).isEqualTo(5);
            later("lobby", 5, "FILE", Duration.ZERO);
            assertThat(forget(database, Optional.empty(), Duration.ofDays(10)))
                    .as("no wish any more")
                    .isZero();
            later("lobby", 6, "FILE", Duration.ofHours(1));
            assertThat(forget(database, Optional.empty(), Duration.ofHours(2))).isEqualTo(1);
            assertThat(rows("frame")).isZero();
        }
    }

    /** A later session of a source, with what it wishes. */
    private void later(String camera, int epoch, String kind, Duration kept) throws SQLException {
        servers.execute(
                "INSERT INTO camera_session (camera, epoch, source, kind, retention_s)"
                        + " VALUES (?, ?, 'lobby', ?::source_kind, ?)",
                camera,
                epoch,
                kind,
                kept.toSeconds());
    }

    @Test
    void whoHasLostSomeIsLookedAtOnceMoreAndNotAllOfTheirSequencesAre() throws Exception {
        Recording lobby = new Recording("lobby", Duration.ofDays(1).toSeconds());
        lobby.walk(1, 5);
        Recording hall = new Recording("hall");
        for (int i = 0; i < 4; i++) {
            hall.walk(1, 5);
        }
        Recording yard = new Recording("yard");
        yard.walk(2, 5);
        try (Archive archive = Archive.open(servers.database());
                Database database = Database.open(servers.database())) {
            store(archive, lobby.end());
            store(archive, hall.end());
            assertThat(rows("sequence WHERE NOT settled")).isZero();
            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isEqualTo(1);
            assertThat(rows("sequence WHERE NOT settled")).isEqualTo(1);

            store(archive, yard.end());
            assertThat(rows("sequence WHERE NOT settled")).isZero();
            try (Connection connection = servers.connect()) {
                double off = Sql.one(connection, """
                        SELECT c.centre::vector <=> (
                            SELECT avg(t.embedding::vector) FROM template t WHERE t.person = 1 AND t.ordinal = 0)
                        FROM person_centre c WHERE c.person = 1
                        """, row -> row.getDouble(1));
                assertThat(off).as("the centre is that of what is left").isLessThan(1e-5);
            }
        }
    }

    /** A run was stopped while two were in view, one of them for long enough to be somebody, and never went on. */
    @Test
    void whatIsNeverDecidedIsForgottenADayLater() throws Exception {
        Recording lobby = new Recording("lobby", Duration.ofDays(1).toSeconds());
        new View(lobby, 0, 0).grows(8, Recording.person(1));
        new View(lobby, 0, 1).grows(1, Recording.person(2));
        try (Database database = Database.open(servers.database());
                Archive archive = Archive.open(servers.database())) {
            try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
                servers.send(lobby, 1);
                servers.awaitIdle();
                assertThat(matcher.running()).isTrue();
            }
            assertThat(rows("template")).isPositive();

            assertThat(forget(database, Optional.empty(), Duration.ofHours(47))).isZero();
            assertThat(forget(database, Optional.empty(), Duration.ofHours(49))).isEqualTo(2);

            for (String table : List.of("sequence", "sequence_face", "sealed_template", "template")) {
                assertThat(rows(table)).as(table).isZero();
            }
            assertThat(rows("person WHERE erased_at IS NOT NULL"))
                    .as("whom only one of them was")
                    .isEqualTo(1);
            store(archive, lobby.end());
            assertThat(rows("sequence")).as("what comes again").isZero();
            assertThat(rows("topic_wish")).as("as it would be of an erasure").isZero();
        }
    }

    private void store(Archive archive, Recording recording) throws Exception {
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            servers.send(recording, 1);
            Servers.await(() -> archive.session(recording.camera, 1).finished());
            assertThat(matcher.running()).isTrue();
        }
    }

    /** Switching it on for a camera that has run for a year must not end at a limit, every minute anew. */
    @Test
    void framesGoSoManyAtATimeAsFarAsTheyAreOld() throws Exception {
        try (Database database = Database.open(servers.database())) {
            servers.execute("""
                    INSERT INTO camera_session (camera, epoch, source, kind, retention_s, last_frame)
                    VALUES ('hall', 1, 'hall', 'CAMERA', 86400, 119999)
                    """);
            servers.execute("""
                    INSERT INTO frame
                    SELECT c.id, n, 0, NULL, 640, 480, n,
                        extract(epoch FROM now() + CASE WHEN n < 119990 THEN '0' ELSE '10 days' END::interval) * 1000000
                    FROM camera_session c, generate_series(0, 119999) AS n
                    """);
            servers.refuseToDeleteMoreThan(50_000, "frame");
            assertThat(forget(database, Optional.empty(), Duration.ofHours(23))).isZero();
            assertThat(rows("frame")).isEqualTo(120_000);

            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isZero();

            assertThat(rows("frame")).isEqualTo(10);
            assertThat(registry.counter("paseo.retention.forgotten", "what", "frame")
                            .count())
                    .isEqualTo(119_990);
        }
    }

    @Test
    void whatCannotBeForgottenDoesNotKeepTheRestFromIt() throws Exception {
        Recording lobby = new Recording("lobby", Duration.ofDays(1).toSeconds());
        lobby.walk(1, 5);
        try (Archive archive = Archive.open(servers.database());
                Database database = Database.open(servers.database())) {
            store(archive, lobby.end());
            servers.execute("""
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        RAISE EXCEPTION 'not now';
                    END $$
                    """);
            servers.execute("CREATE TRIGGER refuse BEFORE DELETE ON sequence EXECUTE FUNCTION refuse()");
            servers.execute("INSERT INTO unwanted_face SELECT session_id, frame, index FROM face WHERE frame = 2");
            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isZero();
            assertThat(rows("sequence")).isEqualTo(1);
            assertThat(rows("face")).as("of who was erased").isEqualTo(4);
            assertThat(rows("frame")).as("where nobody is left").isEqualTo(4);

            servers.execute("DROP TRIGGER refuse ON sequence");
            servers.execute("CREATE TRIGGER refuse BEFORE DELETE ON frame EXECUTE FUNCTION refuse()");
            assertThat(forget(database, Optional.empty(), Duration.ofDays(2))).isEqualTo(1);
            assertThat(rows("sequence")).isZero();
            assertThat(rows("frame")).isEqualTo(4);
        }
    }

    @Test
    void noSequenceIsReadToFindOutThatNoneIsDue() throws Exception {
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(1, "hall");
            servers.execute("""
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                        faces, usable, pack_id)
                    SELECT gen_random_uuid(), session_id, 0, 'UPDATED', 0, n, n, n, n, 5, 5, pack_id
                    FROM sequence, generate_series(1, 20000) AS n
                    """);
            servers.execute("ANALYZE sequence");
            Retention none = new Retention(database, Optional.empty(), registry);
            assertThat(read(none, Duration.ofDays(1_000))).isZero();
            Retention month = new Retention(database, Optional.of(Duration.ofDays(30)), registry);
            assertThat(read(month, Duration.ofDays(29))).isZero();
            assertThat(read(month, Duration.ofDays(32))).isPositive();
        }
    }

    @Test
    void whatOneCameraKeepsForEverIsNotReadForTheSakeOfAnother() throws Exception {
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(1, "hall");
            new Crowd(database).add(1, "lobby");
            servers.execute("""
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                        faces, usable, pack_id, stored_at)
                    SELECT gen_random_uuid(), s.session_id, 0, 'UPDATED', 0, n, n, n, n, 5, 5, s.pack_id,
                        now() - interval '1 year'
                    FROM sequence s JOIN camera_session c ON c.id = s.session_id, generate_series(1, 20000) AS n
                    WHERE c.camera = 'hall'
                    """);
            servers.execute("UPDATE camera_session SET source = camera, kind = 'CAMERA'");
            servers.execute("UPDATE camera_session SET retention_s = 86400 WHERE camera = 'lobby'");
            servers.execute("ANALYZE sequence");
            Retention retention = new Retention(database, Optional.empty(), registry);
            assertThat(read(retention, Duration.ofHours(1))).isZero();
            assertThat(read(retention, Duration.ofHours(25))).isEqualTo(1);
        }
    }

    /** Rows of sequences that are read to find what is due so much later. */
    private long read(Retention retention, Duration later) throws SQLException {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            List<Forgetting.Gone> due = retention.due(connection, Instant.now().plus(later));
            long read = Sql.one(connection, """
                    SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'sequence'
                    """, row -> row.getLong(1));
            assertThat(due.size()).isLessThanOrEqualTo((int) read);
            return read;
        }
    }

    /** Sequences that a round forgets which takes place so much later. */
    private int forget(Database database, Optional<Duration> most, Duration later) {
        return new Retention(database, most, registry).forget(Instant.now().plus(later));
    }

    private static List<FaceRow> faces(Archive archive) {
        List<FaceRow> faces = new ArrayList<>();
        archive.faces(SessionFilter.all(), faces::add);
        return faces;
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, "SELECT count(*) FROM " + table, row -> row.getLong(1));
        }
    }
}
