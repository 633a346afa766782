package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
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
        assertThat(servers.count("template") + servers.count("person_centre") + servers.count("opted_out_template"))
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
                    "SELECT to_jsonb(c) FROM person_centre c ORDER BY 1")) {
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
            // Each pool finds out by itself that its connections are gone.
            Servers.await(() -> api.client().get("/v1/persons").status() == 200 && answers(database));
            ApiClient.Reply reply = api.client().get("/v1/persons/1/neighbours");
            assertThat(reply.status()).as(reply.text()).isEqualTo(503);
            assertThat(api.client().ask("DELETE", "/v1/persons/1").status()).isEqualTo(503);
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

    private static boolean answers(Database database) {
        try {
            return database.transaction(connection -> Sql.one(connection, "SELECT true", row -> row.getBoolean(1)));
        } catch (SQLException e) {
            return false;
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
            Servers.await(() -> answers(database));
            assertThatThrownBy(() -> nearest(database, memory, crowd, 7)).isInstanceOf(UnfilledException.class);
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

    private boolean filled() {
        return servers.count("gallery_filled") == 1;
    }
}
