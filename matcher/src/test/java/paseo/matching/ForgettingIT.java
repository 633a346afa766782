package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What it takes to forget follows from what is forgotten, not from all that there is: everybody waits for it. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class ForgettingIT {
    private static final int OTHERS = 60_000;

    private final Servers servers;

    ForgettingIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void noTableThatGrowsWithEverybodyIsReadWhole() throws Exception {
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(3, "hall");
        }
        fill();
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            List<Forgetting.Gone> gone = Sql.query(
                    connection,
                    "SELECT no, id FROM sequence WHERE no <= 2",
                    row -> new Forgetting.Gone(row.getLong(1), row.getObject(2, UUID.class)));
            Forgetting forgetting = new Forgetting(connection);

            new PurgeWishes(connection).sequences(gone, Duration.ZERO);
            forgetting.refuse(gone);
            forgetting.empty(new Long[] {1L, 2L});
            assertThat(forgetting.forget(gone).faces()).isEqualTo(2);

            assertThat(Sql.query(connection, """
                            SELECT relname FROM pg_stat_xact_user_tables
                            WHERE relname IN ('face', 'sequence_face', 'seen_together') AND seq_scan > 0
                            """, row -> row.getString(1))).isEmpty();
            connection.commit();
        }
        assertThat(servers.count("unwanted_face")).isEqualTo(2);
        assertThat(servers.count("face")).isEqualTo(OTHERS + 1L);
        assertThat(servers.count("sequence_face WHERE sequence_no <= 3")).isEqualTo(1);
        assertThat(servers.count("seen_together"))
                .as("nobody is left who was one of them")
                .isEqualTo(OTHERS);
    }

    /** Three faces of the three, and many of others; who of the three was seen with whom, and many others. */
    private void fill() throws SQLException {
        try (Connection connection = servers.connect()) {
            Sql.update(connection, """
                    INSERT INTO sequence_face
                    SELECT c.id, 0, n, n + 1 FROM camera_session c, generate_series(0, 2) AS n
                    UNION ALL SELECT c.id, n, 0, 1000 + n / 100 FROM camera_session c, generate_series(1, ?) AS n
                    """, OTHERS);
            Sql.update(connection, """
                    INSERT INTO face (session_id, frame, index, usability, x, y, width, height, score, quality, yaw,
                        pitch, roll, landmarks, pack_id)
                    SELECT session_id, frame, index, 'USABLE', 0, 0, 9, 9, .9, .9, 0, 0, 0, '{1,2}', 1 FROM sequence_face
                    """);
            Sql.update(connection, """
                    INSERT INTO seen_together
                    SELECT 1, -1000 - n, 1000 + n, .1 FROM generate_series(1, ?) AS n
                    UNION ALL VALUES (1, 1, 5000, .1), (1, -5000, 2, .1), (1, -1, 6000, .1), (1, -6000, -2, .1)
                    """, OTHERS);
            Sql.update(connection, "ANALYZE sequence_face, face, seen_together, sequence");
        }
    }

    @Test
    void whoWasSeenVeryOftenIsErasedSoManySequencesAtATime() throws Exception {
        int often = 450;
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(often, "hall");
            servers.execute("UPDATE sequence SET person = 1");
            servers.execute("UPDATE template SET person = 1");
            servers.execute("INSERT INTO sequence_face SELECT session_id, 0, no - 1, no FROM sequence");
            servers.execute("""
                    INSERT INTO face (session_id, frame, index, usability, x, y, width, height, score, quality, yaw,
                        pitch, roll, landmarks, pack_id)
                    SELECT session_id, frame, index, 'USABLE', 0, 0, 9, 9, .9, .9, 0, 0, 0, '{1,2}', 1 FROM sequence_face
                    """);
            servers.refuseToDeleteMoreThan(200, "sequence");
            Erasure erasure = new Erasure(database, "test");
            assertThat(erasure.pictures(1)).hasSize(often);

            Erasure.Receipt receipt = erasure.person(1).orElseThrow();

            assertThat(receipt.sequences()).isEqualTo(often);
            assertThat(receipt.faces()).isEqualTo(often);
            assertThat(receipt.templates()).isEqualTo(often * Crowd.VECTORS);
            assertThat(receipt.tombstones()).isEqualTo(often + 1);
        }
        for (String table : List.of("sequence", "face", "sequence_face", "template", "sealed_template")) {
            assertThat(servers.count(table)).as(table).isZero();
        }
        assertThat(servers.count("unwanted_face")).isEqualTo(often);
        assertThat(servers.count("key_wish")).isEqualTo(often);
        assertThat(servers.count("tombstone_outbox")).isEqualTo(often + 1);
        assertThat(servers.count("topic_wish")).as("one is enough").isEqualTo(1);
        assertThat(servers.count("audit WHERE outcome = ?", "450 sequences, 450 faces, 900 vectors"))
                .isEqualTo(1);
    }

    /** However many sequences a statement takes or gives, as when persons are merged or erased. */
    @Test
    void theLatestSequenceOfAPersonIsNotedOnce() throws Exception {
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(2, "hall");
        }
        try (Connection connection = servers.connect()) {
            Sql.update(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                        faces, usable, pack_id)
                    SELECT gen_random_uuid(), session_id, 0, 'UPDATED', 0, n, n, n, n, 5, 5, pack_id
                    FROM sequence, generate_series(1, 300) AS n WHERE no = 1
                    """);
        }
        assertThat(writes("""
                UPDATE sequence SET phase = 'CLOSED', decision = 'NEW', person = 1, decided_person = 1
                WHERE phase = 'UPDATED'
                """)).isLessThanOrEqualTo(2);
        assertThat(latest()).containsExactly("1 302", "2 2");
        assertThat(writes("UPDATE sequence SET person = 2 WHERE no > 200")).isLessThanOrEqualTo(4);
        assertThat(latest()).containsExactly("1 200", "2 302");
        assertThat(writes("DELETE FROM sequence WHERE no BETWEEN 150 AND 180")).isZero();
        assertThat(writes("DELETE FROM sequence WHERE no BETWEEN 150 AND 250")).isEqualTo(2);
        assertThat(latest()).containsExactly("1 149", "2 302");
        assertThat(writes("UPDATE sequence SET person = 1 WHERE person = 2")).isLessThanOrEqualTo(4);
        assertThat(latest()).containsExactly("1 302");
        assertThat(writes("DELETE FROM sequence WHERE no > 2")).isEqualTo(2);
        assertThat(latest()).containsExactly("1 2");
    }

    /** Rows of the table of the latest that a statement writes. */
    private long writes(String statement) throws SQLException {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            assertThat(Sql.update(connection, statement)).isPositive();
            long writes = Sql.one(connection, """
                    SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
                    WHERE relname = 'latest_sequence'
                    """, row -> row.getLong(1));
            connection.commit();
            return writes;
        }
    }

    private List<String> latest() throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.query(
                    connection,
                    "SELECT person || ' ' || no FROM latest_sequence ORDER BY person",
                    row -> row.getString(1));
        }
    }
}
