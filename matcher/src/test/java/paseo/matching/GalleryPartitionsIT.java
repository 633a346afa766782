package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Templates in partitions by age: sealing, searching, filtering, forgetting. */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class GalleryPartitionsIT {
    private static final int PERSONS = 1_500;

    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private @Nullable Database opened;

    GalleryPartitionsIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
        opened = Database.open(servers.database());
    }

    @AfterEach
    void close() {
        database().close();
    }

    @Test
    void aPartitionLeftBehindIsIndexedAndSearchedWithTheOneThatGrows() throws Exception {
        Crowd crowd = new Crowd(database());
        crowd.add(PERSONS, "hall");
        List<Candidate> exact = crowd.near(77);
        GalleryKeeper keeper = keeper();
        assertThat(keeper.look()).as("nothing is left behind yet").isZero();

        crowd.skipToNextPartition();
        long later = crowd.add(20, "hall");
        assertThat(keeper.look()).isEqualTo(1);
        assertThat(keeper.look()).as("done already").isZero();

        assertThat(crowd.partitions()).extracting(GalleryPartition::indexed).startsWith(true, false);
        assertThat(plan(77)).contains("template_1_0_near").contains("template_1_8192");
        assertThat(nearest(crowd.near(77))).isEqualTo(nearest(exact));
        assertThat(nearest(crowd.near(later)).person()).isEqualTo(later);
        long newest = crowd.add(1, "hall");
        assertThat(nearest(crowd.near(newest)).person())
                .as("the next query sees it")
                .isEqualTo(newest);
        assertThat(registry.get("paseo.gallery.recall").gauge().value()).isGreaterThanOrEqualTo(0.98);
        assertThat(registry.get("paseo.gallery.index").timer().count()).isEqualTo(1);

        GalleryStats.Pack stats = GalleryStats.of(servers.database()).packs().get(0);
        assertThat(stats.persons()).isEqualTo(PERSONS + 21);
        assertThat(stats.templates()).isEqualTo((PERSONS + 21) * (long) Crowd.VECTORS);
        assertThat(stats.partitions().get(0).state()).isEqualTo(GalleryStats.State.INDEXED);
        assertThat(stats.partitions().get(0).indexBytes()).isPositive();
        assertThat(stats.partitions().get(1).state()).isEqualTo(GalleryStats.State.OPEN);
        assertThat(stats.audit())
                .hasValueSatisfying(audit -> assertThat(audit.recall()).isGreaterThan(0.97));
    }

    /** What it tells is worth no round: other packs wait behind it, and so would indexes. */
    @Test
    void anAuditThatTakesTooLongIsGivenUpForAWhile() throws Exception {
        sealed();
        servers.execute("CREATE SEQUENCE audits");
        servers.execute("""
                CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM nextval('audits');
                    RAISE EXCEPTION 'too slow' USING ERRCODE = 'query_canceled';
                END $$
                """);
        servers.execute("CREATE TRIGGER cancel BEFORE INSERT ON recall_audit EXECUTE FUNCTION cancel()");
        GalleryKeeper keeper = keeper();
        assertThat(keeper.look()).isEqualTo(1);
        assertThat(keeper.look()).isZero();
        assertThat(number("SELECT last_value FROM audits")).isEqualTo(1);
        assertThat(number("SELECT count(*) FROM pg_class WHERE relname = 'template_1_0_near'"))
                .isEqualTo(1);

        servers.execute("DROP TRIGGER cancel ON recall_audit");
        assertThat(keeper().look()).isZero();
        assertThat(servers.count("recall_audit")).isEqualTo(1);
    }

    /** A gallery that fits one partition is compared in full: to the last bit as without partitions. */
    @Test
    void aSmallGalleryIsComparedInFull() throws Exception {
        Crowd crowd = new Crowd(database());
        crowd.add(50, "hall");
        assertThat(plan(7)).doesNotContain("_near");
        assertThat(crowd.near(7)).hasSize(50);
    }

    @Test
    void theNextPartitionIsThereBeforeItIsNeeded() throws Exception {
        Crowd crowd = new Crowd(database());
        crowd.add(1, "hall");
        keeper().look();
        assertThat(crowd.partitions()).hasSize(1);
        database()
                .transaction(
                        connection -> Sql.update(connection, "ALTER TABLE sequence ALTER COLUMN no RESTART WITH 7000"));
        crowd.add(1, "hall");
        keeper().look();
        assertThat(crowd.partitions()).extracting(GalleryPartition::first).containsExactly(0L, 8_192L);
    }

    /** Those of before are many, and never become worth an index. */
    @Test
    void aPartitionThatIsWorthNoIndexIsCountedOnceUntilItChanges() throws Exception {
        sealed();
        GalleryKeeper keeper = new GalleryKeeper(database(), new GalleryMemory("another@1"), registry, PERSONS * 9L);
        // PostgreSQL's own counters are up to some seconds late.
        Servers.await(() -> readsOfTheFirst(keeper) == 0);
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "UPDATE template SET dropped = dropped WHERE sequence_no = 1");
        }
        Servers.await(() -> readsOfTheFirst(keeper) > 0);
    }

    /** How often a look at what wants an index reads the first partition. */
    private long readsOfTheFirst(GalleryKeeper keeper) {
        try (Connection connection = servers.connect()) {
            connection.setAutoCommit(false);
            assertThat(keeper.waiting(connection, Crowd.pack(connection))).isEmpty();
            return Sql.one(
                    connection,
                    "SELECT seq_scan + idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'template_1_0'",
                    row -> row.getLong(1));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What is left of an index whose building was killed is not used, and made again. */
    @Test
    void anIndexWhoseBuildingWasKilledIsMadeAgain() throws Exception {
        Crowd crowd = sealed();
        List<Candidate> exact = crowd.near(77);
        try (Connection writer = servers.connect()) {
            // Building waits for those who write, so it is sure to be killed in the middle.
            writer.setAutoCommit(false);
            Sql.update(writer, "UPDATE template SET dropped = dropped WHERE sequence_no = 1");
            CompletableFuture<Integer> building = inBackground(keeper());
            Servers.await(() -> number("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 1);
            number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND query LIKE '%CREATE INDEX CONCURRENTLY%'"
                    + " AND pid <> pg_backend_pid()");
            assertThatThrownBy(building::join).hasCauseInstanceOf(SQLException.class);
        }
        assertThat(crowd.partitions()).extracting(GalleryPartition::indexed).startsWith(false);
        assertThat(crowd.near(77)).as("nobody notices").isEqualTo(exact);

        assertThat(keeper().look()).isEqualTo(1);
        assertThat(crowd.partitions()).extracting(GalleryPartition::indexed).startsWith(true);
        assertThat(number("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isZero();
    }

    @Test
    @Tag("fault")
    @DisplayName("row 29: where an index is gone everything is compared until it was made again")
    void aPartitionThatLostItsIndexIsComparedInFullUntilItHasOneAgain() throws Exception {
        Crowd crowd = sealed();
        List<Candidate> exact = crowd.near(77);
        assertThat(keeper().look()).isEqualTo(1);
        try (Connection operator = servers.connect()) {
            Sql.update(operator, "DROP INDEX template_1_0_near");
        }
        assertThat(crowd.near(77)).isEqualTo(exact);
        assertThat(plan(77)).doesNotContain("_near");

        assertThat(keeper().look()).isEqualTo(1);
        assertThat(crowd.partitions()).extracting(GalleryPartition::indexed).startsWith(true);
    }

    @Test
    void stoppingDoesNotWaitForAnIndex() throws Exception {
        sealed();
        GalleryKeeper keeper = keeper();
        try (Connection writer = servers.connect()) {
            writer.setAutoCommit(false);
            Sql.update(writer, "UPDATE template SET dropped = dropped WHERE sequence_no = 1");
            Thread thread = new Thread(keeper, "keeper");
            thread.start();
            Servers.await(() -> number("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 1);
            keeper.stop();
            thread.join(Duration.ofSeconds(20).toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(keeper().look()).isEqualTo(1);
    }

    @Test
    void whatHasExpiredWholeIsDroppedWhole() throws Exception {
        Crowd crowd = sealed();
        Retention retention = new Retention(database(), Optional.of(Duration.ofDays(30)), registry);
        Instant later = Instant.now().plus(Duration.ofDays(31));
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "UPDATE sequence SET stored_at = now() + interval '20 days' WHERE no > 8191");
        }
        assertThat(retention.forget(later)).isEqualTo(PERSONS);
        assertThat(crowd.partitions()).extracting(GalleryPartition::first).doesNotContain(0L);
        assertThat(number("SELECT count(*) FROM template WHERE sequence_no < 8192"))
                .isZero();
        assertThat(registry.counter("paseo.retention.forgotten", "what", "partition")
                        .count())
                .isEqualTo(1);
        assertThat(crowd.near(PERSONS + 1L)).extracting(Candidate::person).contains(PERSONS + 1L);
    }

    /** As a dump does, for hours: nobody else waits for it. */
    @Test
    void aPartitionThatIsBeingReadIsDroppedLaterAndForgottenAllTheSame() throws Exception {
        Crowd crowd = sealed();
        Retention retention = new Retention(database(), Optional.of(Duration.ofDays(30)), registry);
        Instant later = Instant.now().plus(Duration.ofDays(31));
        try (Connection dump = servers.connect()) {
            Sql.update(dump, "UPDATE sequence SET stored_at = now() + interval '20 days' WHERE no > 8191");
            dump.setAutoCommit(false);
            Sql.one(dump, "SELECT count(*) FROM template", row -> row.getLong(1));

            assertThat(retention.forget(later)).isEqualTo(PERSONS);
            assertThat(crowd.partitions()).extracting(GalleryPartition::first).contains(0L);
            assertThat(number("SELECT count(*) FROM template")).isEqualTo(5L * Crowd.VECTORS);
            dump.rollback();
        }
        assertThat(retention.forget(later)).isZero();
        assertThat(crowd.partitions()).extracting(GalleryPartition::first).doesNotContain(0L);
    }

    /** One sequence that is still to be kept holds its partition. */
    @Test
    void aPartitionWithSomethingToKeepStays() throws Exception {
        Crowd crowd = sealed();
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "UPDATE sequence SET stored_at = now() + interval '20 days' WHERE no > 1000");
        }
        Retention retention = new Retention(database(), Optional.of(Duration.ofDays(30)), registry);
        assertThat(retention.forget(Instant.now().plus(Duration.ofDays(31)))).isEqualTo(1_000);
        assertThat(crowd.partitions()).extracting(GalleryPartition::first).contains(0L);
    }

    @Test
    void whoIsErasedIsNotFoundInAPartitionThatIsIndexed() throws Exception {
        Crowd crowd = sealed();
        assertThat(keeper().look()).isEqualTo(1);
        assertThat(nearest(crowd.near(77)).person()).isEqualTo(77);

        Erasure.Receipt receipt = new Erasure(database(), "test").person(77).orElseThrow();

        assertThat(receipt.templates()).isEqualTo(Crowd.VECTORS);
        assertThat(crowd.near(77)).extracting(Candidate::person).doesNotContain(77L);
        assertThat(number("SELECT count(*) FROM template WHERE person = 77")).isZero();
    }

    @Test
    void aFilterChoosesWhatIsRead() throws Exception {
        Crowd crowd = sealed();
        crowd.skipToNextPartition();
        long yard = crowd.add(5, "yard");
        assertThat(keeper().look()).isEqualTo(1);
        Instant now = Instant.now();
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "UPDATE sequence SET stored_at = now() - interval '20 days' WHERE no < 8192");
        }
        SearchFilter old = SearchFilter.between(now.minus(Duration.ofDays(21)), now.minus(Duration.ofDays(1)));
        SearchFilter recent = SearchFilter.between(now.minus(Duration.ofDays(1)), now.plusSeconds(60));
        assertThat(plan(77, old)).contains("template_1_0_near").doesNotContain("template_1_8192");
        assertThat(plan(77, recent)).contains("template_1_8192").doesNotContain("template_1_0_near");
        assertThat(found(77, old)).isEqualTo(77);
        assertThat(found(77, recent)).isNotEqualTo(77);
        assertThat(found(yard, SearchFilter.ofCameras(List.of("yard")))).isEqualTo(yard);
        assertThat(found(77, SearchFilter.ofCameras(List.of("yard")))).isBetween(yard, yard + 4);
        assertThat(found(77, SearchFilter.ofCameras(List.of("nowhere")))).isZero();
        assertThat(plan(77, SearchFilter.ofCameras(List.of("yard"))))
                .as("nothing else is read")
                .contains("template_1_16384")
                .doesNotContain("template_1_8192")
                .doesNotContain("template_1_0");
    }

    @Test
    void aClockThatWasSetBackHidesNobody() throws Exception {
        new Crowd(database()).add(10, "hall");
        Instant now = Instant.now();
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "UPDATE sequence SET stored_at = now() - interval '20 days' WHERE no > 5");
        }
        SearchFilter recent = SearchFilter.between(now.minus(Duration.ofDays(1)), now.plusSeconds(60));
        assertThat(found(3, recent)).isEqualTo(3);
    }

    /** So many persons in a partition that nothing more comes to, and a few in the next. */
    private Crowd sealed() throws SQLException {
        Crowd crowd = new Crowd(database());
        crowd.add(PERSONS, "hall");
        crowd.skipToNextPartition();
        crowd.add(5, "hall");
        return crowd;
    }

    private GalleryKeeper keeper() {
        return new GalleryKeeper(database(), new GalleryMemory("another@1"), registry, PERSONS);
    }

    private static CompletableFuture<Integer> inBackground(GalleryKeeper keeper) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return keeper.look();
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Candidate nearest(List<Candidate> candidates) {
        return candidates.stream()
                .max(Comparator.comparingDouble(Candidate::similarity))
                .orElseThrow();
    }

    private long found(long person, SearchFilter filter) throws SQLException {
        List<Map<String, @Nullable Object>> found = new Likenesses(database())
                .like(new Crowd(database()).embedding(person), Recording.PACK, filter, 1)
                .candidates();
        return found.isEmpty() ? 0 : (Long) Objects.requireNonNull(found.get(0).get("person"));
    }

    private String plan(long person) throws SQLException {
        return plan(person, SearchFilter.NONE);
    }

    private String plan(long person, SearchFilter filter) throws SQLException {
        return database().transaction(connection -> {
            GallerySearch search = new GallerySearch(connection, Crowd.pack(connection));
            GallerySearch.Part part = filter.equals(SearchFilter.NONE)
                    ? search.nearest(GallerySearch.PROBE, 0, Set.of(), Gallery.NEAREST)
                    : search.nearest(GallerySearch.PROBE, filter, Gallery.NEAREST);
            List<@Nullable Object> parameters = new ArrayList<>();
            parameters.add(Vectors.text(new Crowd(database()).embedding(person)));
            parameters.addAll(part.parameters());
            return String.join(
                    "\n",
                    Sql.query(
                            connection,
                            "EXPLAIN WITH probe AS MATERIALIZED (SELECT ?::halfvec AS embedding) SELECT * FROM ("
                                    + part.sql() + ") AS hit",
                            row -> row.getString(1),
                            parameters.toArray()));
        });
    }

    private long number(String query) {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement()) {
            var rows = statement.executeQuery(query);
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Database database() {
        if (opened == null) {
            throw new IllegalStateException("opened before each test");
        }
        return opened;
    }
}
