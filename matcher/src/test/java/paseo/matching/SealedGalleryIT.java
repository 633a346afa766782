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
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is searched is lost in a crash and made again from what is sealed, before anything is decided. */
@Timeout(180)
@ServersOfItsOwn
@ExtendWith(ServersExtension.class)
class SealedGalleryIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    SealedGalleryIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    private static List<Recording> recordings() {
        Recording first = new Recording("first");
        first.walk(1, 5);
        first.together(6, 2, 3);
        Recording second = new Recording("second");
        second.walk(2, 5);
        second.walk(4, 5);
        Recording third = new Recording("third");
        third.walk(3, 4);
        third.walk(1, 5);
        third.walk(5, 5);
        return List.of(first.end(), second.end(), third.end());
    }

    @Test
    @Tag("fault")
    @DisplayName("row 25: behind a PostgreSQL that was killed everything is decided as if it had not been")
    void whatIsDecidedAfterACrashIsWhatWouldHaveBeen() throws Exception {
        String undisturbed = decided(false);
        servers.renew();
        assertThat(decided(true)).isEqualTo(undisturbed);
    }

    private String decided(boolean crashing) throws Exception {
        try (Matcher matcher = servers.startMatcher(registry)) {
            for (Recording recording : recordings()) {
                servers.send(recording, 0);
                servers.awaitIdle();
                if (crashing) {
                    servers.crash();
                }
            }
            Servers.await(() -> filled());
            assertThat(matcher.running()).isTrue();
        }
        String contents = Servers.contents(servers.database());
        if (crashing) {
            servers.crash();
            assertThat(filled()).isFalse();
            assertThat(Servers.contents(servers.database()))
                    .as("a command fills it, too")
                    .isEqualTo(contents);
        }
        // A crash leaves a gap in the numbers of sequences.
        return contents + vectors().replaceAll("\"sequence_no\": [0-9]+", "");
    }

    @Test
    void filledRowsAreTheOnesThatWereLost() throws Exception {
        try (Matcher matcher = servers.startMatcher(registry);
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            List<Recording> recordings = recordings();
            servers.send(recordings.get(0), 0);
            servers.send(recordings.get(1), 0);
            servers.awaitIdle();
            assertThat(database.erasure("test").optOut(4)).isPresent();
            database.revisions("test").merge(1, 2);
            servers.send(recordings.get(2), 0);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        try (Database database = Database.open(servers.database())) {
            // A vector that misleads.
            database.transaction(connection -> {
                GalleryLock.takeAlone(connection);
                UUID one = Sql.one(
                        connection,
                        "SELECT id FROM sequence WHERE person = 1 ORDER BY no LIMIT 1",
                        row -> row.getObject(1, UUID.class));
                LedgerRows ledger = new LedgerRows(connection, Crowd.pack(connection));
                ledger.append(LedgerEvent.dropped(1, one, 1, 0.1), OptionalLong.empty(), "test", OptionalLong.empty());
                return true;
            });
        }
        String before = vectors();
        assertThat(before).contains("true");

        servers.crash();
        assertThat(count("template") + count("person_centre") + count("opted_out_template"))
                .isZero();
        Database.open(servers.database()).close();

        assertThat(vectors()).isEqualTo(before);
    }

    /** All that is unlogged, as text. */
    private String vectors() throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = servers.connect()) {
            for (String query : List.of(
                    "SELECT to_jsonb(t) - 'written' || jsonb_build_object('h', halfvec_send(embedding))"
                            + " FROM template t ORDER BY pack_id, sequence_no, ordinal",
                    "SELECT to_jsonb(t) FROM opted_out_template t ORDER BY 1",
                    "SELECT to_jsonb(c) FROM person_centre c JOIN person p ON p.number = c.person"
                            + " WHERE merged_into IS NULL ORDER BY 1")) {
                Sql.query(
                        connection, query, row -> text.append(row.getString(1)).append('\n'));
            }
        }
        return text.toString();
    }

    @Test
    void nothingIsDecidedFoundOrErasedUntilItIsFilled() throws Exception {
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(recordings().get(0), 0);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        try (RunningApi api = RunningApi.on(servers);
                Database database = Database.open(servers.database())) {
            assertThat(api.client().get("/v1/persons/1/neighbours").status()).isEqualTo(200);
            servers.crash();
            ApiClient.Reply reply = api.client().get("/v1/persons/1/neighbours");
            assertThat(reply.status()).as(reply.text()).isEqualTo(503);
            assertThat(api.client().ask("DELETE", "/v1/persons/1").status()).isEqualTo(503);
            assertThat(api.client().get("/v1/persons").status())
                    .as("lists need no vectors")
                    .isEqualTo(200);
            assertThatThrownBy(() -> database.transaction(connection -> {
                        GalleryLock.share(connection);
                        return true;
                    }))
                    .isInstanceOf(UnfilledException.class)
                    .satisfies(fault ->
                            assertThat(SqlFaults.passing((SQLException) fault)).isTrue());
            assertThat(new GalleryKeeper(database, new GalleryMemory(Recording.PACK), registry).look())
                    .isZero();
            fillWhileAnotherHoldsIt(database);
            assertThat(api.client().get("/v1/persons/1/neighbours").status()).isEqualTo(200);
            assertThat(api.client().ask("DELETE", "/v1/persons/1").status()).isEqualTo(200);
        }
    }

    /** Two never fill at once, and meanwhile it is said that it is not ready. */
    private void fillWhileAnotherHoldsIt(Database database) throws Exception {
        GalleryFill filling = new GalleryFill(database);
        assertThat(filling.missing()).isEmpty();
        Thread thread = new Thread(filling, "filling");
        try (Connection another = servers.connect()) {
            Sql.one(another, "SELECT pg_advisory_lock(?)", row -> true, GalleryFill.LOCK);
            thread.start();
            Servers.await(() -> filling.missing().isPresent());
            assertThat(filling.missing()).hasValue("vectors are made again from sealed ones: beginning");
            assertThat(filled()).isFalse();
        }
        Servers.await(() -> filling.missing().isEmpty());
        assertThat(filled()).isTrue();
        filling.stop();
        thread.join();
    }

    @Test
    void memoryKnowsThatTheGalleryIsAnotherOne() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = new Crowd(database);
            crowd.add(20, "hall");
            crowd.skipToNextPartition();
            crowd.add(5, "hall");
            GalleryMemory memory = new GalleryMemory(Recording.PACK);
            load(database, memory);
            assertThat(memory.ready()).isTrue();
            assertThat(nearest(database, memory, crowd, 7)).isEqualTo(7);

            servers.crash();
            assertThatThrownBy(() -> nearest(database, memory, crowd, 7)).isInstanceOf(SQLException.class);
            new GalleryFill(database).bringUp();
            assertThat(nearest(database, memory, crowd, 7)).isEqualTo(7);
            assertThat(memory.ready()).as("what it knew is no more").isFalse();
            load(database, memory);
            assertThat(memory.size()).isEqualTo(25L * Crowd.VECTORS);
            assertThat(nearest(database, memory, crowd, 23)).isEqualTo(23);
        }
    }

    private static void load(Database database, GalleryMemory memory) throws SQLException {
        try (Connection connection = database.patient()) {
            connection.setAutoCommit(false);
            memory.load(connection);
        }
    }

    private static long nearest(Database database, GalleryMemory memory, Crowd crowd, long look) throws SQLException {
        return database.transaction(connection -> {
            GalleryLock.share(connection);
            return new Gallery(connection, Crowd.pack(connection), memory)
                    .near(crowd.template(look), 0, Set.of()).stream()
                            .filter(candidate -> candidate.similarity() > 0.9)
                            .findFirst()
                            .orElseThrow()
                            .person();
        });
    }

    @Test
    void whoIsErasedCannotBeReadInACopyOfBefore() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = new Crowd(database);
            crowd.add(3, "hall");
            execute("CREATE TABLE copy AS SELECT t.*, s.id, s.person FROM sealed_template t"
                    + " JOIN sequence s ON s.no = t.sequence_no");
            Keys keys = database.keys();
            UUID erased = id(1);
            byte[] key = keys.of(erased).key();
            assertThat(opens(keys, erased)).isTrue();

            Erasure.Receipt receipt = new Erasure(database, "test").person(1).orElseThrow();
            assertThat(receipt.keys()).isEqualTo(1);
            assertThat(count("key_wish")).isEqualTo(1);
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
        try (Matcher matcher = servers.startMatcher(registry)) {
            servers.send(recording.end(), 0);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        Map<Integer, Set<String>> before = looks();
        assertThat(before.get(0)).hasSize(6 + 5);
        assertThat(before.get(1)).hasSize(6);
        try (Database database = Database.open(servers.database())) {
            execute("CREATE TABLE copy AS SELECT f.*, b.key FROM face f JOIN face_block b"
                    + " ON b.session_id = f.session_id AND b.number = f.frame / 256");
            assertThat(opened(database)).isEqualTo(17);
            assertThat(new Erasure(database, "test").person(1)).isPresent();
            assertThat(new KeyWishes(database).grant()).isEqualTo(2);
            assertThat(opened(database)).as("of the other block").isEqualTo(5);
            assertThat(count("sequence WHERE id = '" + erased + "'")).isZero();
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
            assertThat(count("template WHERE person IN (1, 2)")).isZero();
            assertThat(crowd.near(3)).extracting(Candidate::person).containsExactly(3L);
        }
        assertThat(pictures(1)).isEmpty();
        assertThat(pictures(2)).isEmpty();
        assertThat(pictures(3)).hasSize(1);

        String none = settings.jdbcUrl() + "_none";
        execute("CREATE DATABASE " + none.substring(none.lastIndexOf('/') + 1));
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

    private boolean filled() {
        try {
            return count("gallery_filled") == 1;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = servers.connect()) {
            Sql.update(connection, sql);
        }
    }

    private long count(String rows) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, "SELECT count(*) FROM " + rows, row -> row.getLong(1));
        }
    }
}
