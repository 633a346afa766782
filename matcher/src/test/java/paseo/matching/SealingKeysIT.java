package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What keys are for: to be deleted, and to be the right ones. */
@Timeout(180)
@ServersOfItsOwn
@ExtendWith(ServersExtension.class)
class SealingKeysIT {
    private final Servers servers;

    SealingKeysIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void whoIsErasedCannotBeReadInACopyOfBefore() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = new Crowd(database);
            crowd.add(3, "hall");
            servers.execute("CREATE TABLE copy AS SELECT t.*, s.id, s.person FROM sealed_template t"
                    + " JOIN sequence s ON s.no = t.sequence_no");
            Keys keys = database.keys();
            UUID erased = id(1);
            byte[] key = keys.of(erased).key();
            assertThat(opens(keys, erased)).isTrue();

            Erasure.Receipt receipt = new Erasure(database, "test").person(1).orElseThrow();
            assertThat(receipt.keys()).isEqualTo(1);
            assertThat(servers.count("key_wish")).isEqualTo(1);
            assertThat(new KeyWishes(database).grant()).isEqualTo(1);
            assertThat(new KeyWishes(database).grant()).isZero();

            assertThat(keys.find(List.of(erased))).isEmpty();
            assertThat(opens(keys, erased)).isFalse();
            assertThat(opens(keys, id(2))).as("everybody else's").isTrue();
            assertThat(file(database, "sealing_key")).contains(key(key));
            TablePurge purge = new TablePurge(database.keys().database());
            assertThat(purge.round(false).written()).containsExactly("sealing_key");
            assertThat(file(database, "sealing_key"))
                    .as("nor in the file of keys")
                    .doesNotContain(key(key))
                    .contains(key(keys.of(id(2)).key()));
        }
    }

    /** Faces of the others who were in view at the time are under another key by now, and as they were. */
    @Test
    void facesOfWhoIsErasedCannotBeReadInACopyOfBeforeAndTheOthersStay() throws Exception {
        Recording recording = new Recording("gate");
        UUID erased = recording.together(6, 1, 2).get(0);
        recording.pause(300);
        recording.walk(3, 5);
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            servers.send(recording.end(), 0);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        Map<Integer, Set<String>> before = looks();
        assertThat(before.get(0)).hasSize(6 + 5);
        assertThat(before.get(1)).hasSize(6);
        try (Database database = Database.open(servers.database())) {
            servers.execute("CREATE TABLE copy AS SELECT f.*, b.key FROM face f JOIN face_block b"
                    + " ON b.session_id = f.session_id AND b.number = f.frame / 256");
            assertThat(opened(database)).isEqualTo(17);
            assertThat(new Erasure(database, "test").person(1)).isPresent();
            assertThat(new KeyWishes(database).grant()).isEqualTo(2);
            assertThat(opened(database)).as("of the other block").isEqualTo(5);
            assertThat(servers.count("sequence WHERE id = '" + erased + "'")).isZero();
            Map<Integer, Set<String>> after = looks();
            assertThat(after.get(1)).as("whoever was beside them").isEqualTo(before.get(1));
            assertThat(after.get(0)).hasSize(5);
            assertThat(before.get(0)).containsAll(after.get(0));
        }
    }

    /** How many of the faces of a copy can be read. */
    private long opened(Database database) throws SQLException {
        FaceKeys keys = new FaceKeys(database.keys());
        try (Connection connection = servers.connect()) {
            return Sql.query(
                            connection,
                            "SELECT key, sealed, frame, index FROM copy",
                            row -> keys.open(
                                    row.getObject(1, UUID.class), row.getBytes(2), row.getInt(3), row.getInt(4)))
                    .stream()
                    .filter(Optional::isPresent)
                    .count();
        }
    }

    /** The vectors of faces by their place in the frame. */
    private Map<Integer, Set<String>> looks() {
        Map<Integer, Set<String>> looks = new HashMap<>();
        try (Archive archive = Archive.open(servers.database())) {
            archive.faces(
                    SessionFilter.all(),
                    face -> looks.computeIfAbsent(face.index(), place -> new HashSet<>())
                            .add(face.frame() + Vectors.text(face.embedding().orElseThrow())));
        }
        return looks;
    }

    private static String key(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    /** What the file of a table of the keys' database holds, in hexadecimal. */
    private static String file(Database database, String table) throws SQLException {
        Database keys = database.keys().database();
        return keys.transaction(connection -> {
            try (var statement = connection.createStatement()) {
                connection.commit();
                connection.setAutoCommit(true);
                statement.execute("CHECKPOINT");
                connection.setAutoCommit(false);
            }
            return Sql.one(
                    connection,
                    "SELECT encode(pg_read_binary_file(pg_relation_filepath(?)), 'hex')",
                    row -> row.getString(1),
                    table);
        });
    }

    private boolean opens(Keys keys, UUID id) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(
                    connection,
                    "SELECT vectors, pack_id FROM copy WHERE id = ?",
                    row -> SealedRows.open(
                                    openable(keys, id),
                                    SealedRows.wrapped(row, 1),
                                    SealedRows.Kind.VECTORS,
                                    id,
                                    row.getShort(2))
                            .isPresent(),
                    id);
        }
    }

    private static @Nullable Seal openable(Keys keys, UUID id) throws SQLException {
        Map<UUID, Seal> found = keys.find(List.of(id));
        return found.get(id);
    }

    private UUID id(long person) throws SQLException {
        try (Connection connection = servers.connect()) {
            boolean copied = Sql.one(connection, "SELECT to_regclass('copy') IS NOT NULL", row -> row.getBoolean(1));
            return Sql.one(
                    connection,
                    "SELECT id FROM " + (copied ? "copy" : "sequence") + " WHERE person = ?",
                    row -> row.getObject(1, UUID.class),
                    person);
        }
    }

    @Test
    void keysThatAreMissingOrOthersAreNamedAndEverybodyElseIsRecognised() throws Exception {
        DatabaseSettings settings = servers.database();
        try (Database database = Database.open(settings)) {
            new Crowd(database).add(3, "hall");
            UUID lost = id(1);
            database.keys().delete(List.of(lost), Duration.ZERO);
            database.keys().database().transaction(connection -> {
                // Somebody's key is another's.
                UUID wrong = id(2);
                return Sql.update(
                        connection,
                        "UPDATE sealing_key SET key = ? WHERE id = ?",
                        Seal.random().key(),
                        wrong);
            });
        }
        servers.crash();
        try (Database database = Database.open(settings)) {
            Crowd crowd = new Crowd(database);
            assertThat(servers.count("template WHERE person IN (1, 2)")).isZero();
            assertThat(crowd.near(3)).extracting(Candidate::person).containsExactly(3L);
        }
        assertThat(pictures(1)).isEmpty();
        assertThat(pictures(2)).isEmpty();
        assertThat(pictures(3)).hasSize(1);

        String none = settings.jdbcUrl() + "_none";
        servers.execute("CREATE DATABASE " + none.substring(none.lastIndexOf('/') + 1));
        DatabaseSettings empty = new DatabaseSettings(none, settings.user(), settings.password());
        assertThatThrownBy(() -> Database.open(settings.withKeys(empty)))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining(none + " holds no keys")
                .hasMessageContaining("--keys-postgres");
        DatabaseSettings missing = new DatabaseSettings(none + "x", settings.user(), settings.password());
        assertThatThrownBy(() -> Database.open(settings.withKeys(missing)))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining(none + "x");
        servers.renew();
        DatabaseSettings other = servers.database();
        Database.open(other).close();
        assertThatThrownBy(() -> Database.open(other.withKeys(settings.keysOrNeighbour())))
                .isInstanceOf(UnusableDatabaseException.class)
                .hasMessageContaining("holds the keys of another database than " + other.jdbcUrl());
    }

    private List<PrototypeRow> pictures(long person) {
        try (Archive archive = Archive.open(servers.database())) {
            return archive.prototypes(person);
        }
    }
}
