package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What memory names is what PostgreSQL holds at that moment, whoever wrote it. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class GalleryMemoryIT {
    private static final int PERSONS = 400;

    private final Servers servers;
    private final GalleryMemory memory = new GalleryMemory(Recording.PACK);

    GalleryMemoryIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    @Test
    void aSmallGalleryIsNotHeld() throws Exception {
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(5, "hall");
            assertThat(load(database, memory)).isFalse();
            assertThat(memory.ready()).isFalse();
        }
    }

    @Test
    void whatDoesNotFitIsSearchedInTheDatabase() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            GalleryMemory small = new GalleryMemory(Recording.PACK, 1_000);
            assertThat(load(database, small)).isFalse();
            assertThat(nearest(database, small, crowd, 77)).isEqualTo(77);
        }
    }

    @Test
    void whatNoLongerFitsIsGivenUpUntilThereIsRoomAgain() throws Exception {
        long fits = (PERSONS + 1L) * Crowd.VECTORS * NearTemplates.bytes(Recording.DIMENSION);
        GalleryMemory full = new GalleryMemory(Recording.PACK, fits);
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            assertThat(load(database, full)).isTrue();
            assertThat(nearest(database, full, crowd, 77)).isEqualTo(77);
            assertThat(full.ready()).isTrue();

            long newcomer = crowd.add(1, "hall");
            assertThat(nearest(database, full, crowd, newcomer)).isEqualTo(newcomer);
            assertThat(full.ready()).isFalse();
            assertThat(full.size()).isZero();
            assertThat(nearest(database, full, crowd, newcomer))
                    .as("by the database")
                    .isEqualTo(newcomer);
            assertThat(load(database, full)).isFalse();

            servers.execute("DELETE FROM template WHERE sequence_no <= ?", PERSONS / 4);
            Servers.await(() -> {
                try {
                    return load(database, full);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(nearest(database, full, crowd, newcomer)).isEqualTo(newcomer);
        }
    }

    @Test
    void aSearchSeesWhatWasCommittedAndItsOwn() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            assertThat(load(database, memory)).isTrue();
            assertThat(nearest(database, memory, crowd, 77)).isEqualTo(77);

            long committed = crowd.add(1, "hall");
            assertThat(nearest(database, memory, crowd, committed)).isEqualTo(committed);

            // A transaction that began earlier ends later: what it wrote is not overlooked.
            try (Connection slow = servers.connect()) {
                slow.setAutoCommit(false);
                move(slow, 20, 9_001, crowd);
                long quick = crowd.add(1, "hall");
                assertThat(nearest(database, memory, crowd, quick)).isEqualTo(quick);
                assertThat(nearest(database, memory, crowd, 9_001))
                        .as("not committed")
                        .isNotEqualTo(20);
                slow.commit();
            }
            assertThat(nearest(database, memory, crowd, 9_001)).as("committed").isEqualTo(20);

            try (Connection own = servers.connect()) {
                own.setAutoCommit(false);
                move(own, 30, 9_002, crowd);
                assertThat(nearest(own, memory, crowd, 9_002)).as("its own").isEqualTo(30);
                own.rollback();
            }
            assertThat(nearest(database, memory, crowd, 9_002))
                    .as("rolled back")
                    .isNotEqualTo(30);
        }
    }

    /** One camera saw most, one a few, one nobody. What is found is what comparing everything with the filter finds. */
    @Test
    void aFilterLeavesWhatItLeavesInTheDatabase() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            crowd.add(8, "yard");
            assertThat(load(database, memory)).isTrue();
            long late = crowd.add(1, "yard");
            Instant now = Instant.now();
            database.transaction(connection -> Sql.update(
                    connection, "UPDATE sequence SET stored_at = now() - interval '9 days' WHERE no <= 200"));
            for (SearchFilter filter : List.of(
                    SearchFilter.ofCameras(List.of("hall")),
                    SearchFilter.ofCameras(List.of("yard")),
                    SearchFilter.ofCameras(List.of("yard", "hall")),
                    SearchFilter.ofCameras(List.of("nowhere")),
                    SearchFilter.between(now.minusSeconds(3_600), now),
                    SearchFilter.between(now.plusSeconds(3_600), now.plusSeconds(7_200)))) {
                int found = 0;
                int wanted = 0;
                for (long person = 1; person <= late; person += 17) {
                    List<GallerySearch.Hit> truth = filtered(database, null, crowd, person, filter);
                    wanted += truth.size();
                    truth.retainAll(filtered(database, memory, crowd, person, filter));
                    found += truth.size();
                }
                assertThat(found).as("%s", filter).isGreaterThanOrEqualTo((int) (0.99 * wanted));
            }
            SearchFilter yard = SearchFilter.ofCameras(List.of("yard"));
            assertThat(filtered(database, memory, crowd, late, yard)).hasSize(10);
            assertThat(filtered(database, memory, crowd, late, yard))
                    .as("written since")
                    .extracting(GallerySearch.Hit::person)
                    .contains(late);
            assertThat(new Erasure(database, "test").person(late)).isPresent();
            assertThat(filtered(database, memory, crowd, late, yard))
                    .extracting(GallerySearch.Hit::person)
                    .doesNotContain(late);
        }
    }

    /** However many nobodies are nearer, those wanted are found. */
    @Test
    void nobodiesDoNotHideWhoIsBehindThem() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            database.transaction(connection -> {
                for (long person = 100; person < 300; person++) {
                    move(connection, person, 77, crowd);
                }
                return Sql.update(connection, "UPDATE template SET person = NULL WHERE person BETWEEN 100 AND 299");
            });
            load(database, memory);
            assertThat(nearest(database, memory, crowd, 77)).isEqualTo(77);
            assertThat(filtered(database, memory, crowd, 77, SearchFilter.NONE))
                    .hasSize(10)
                    .extracting(GallerySearch.Hit::person)
                    .contains(77L);
        }
    }

    private static List<GallerySearch.Hit> filtered(
            Database database, @Nullable GalleryMemory memory, Crowd crowd, long look, SearchFilter filter)
            throws SQLException {
        return database.transaction(connection -> new ArrayList<>(new GallerySearch(connection, Crowd.pack(connection))
                .nearest(memory, crowd.embedding(look), filter, 10)));
    }

    @Test
    void whoIsErasedOrExcludedIsNotNamed() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            load(database, memory);
            assertThat(new Erasure(database, "test").person(77)).isPresent();
            assertThat(nearest(database, memory, crowd, 77)).isNotEqualTo(77);
            List<Candidate> others = database.transaction(connection ->
                    new Gallery(connection, Crowd.pack(connection), memory).near(crowd.template(78), 0, Set.of(78L)));
            assertThat(others).isNotEmpty().extracting(Candidate::person).doesNotContain(78L);
        }
    }

    @Test
    void whatIsDeletedOrReplacedIsNotHeldAnyLonger() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            load(database, memory);
            long held = memory.size();
            assertThat(held).isEqualTo((PERSONS + 1L) * Crowd.VECTORS);

            assertThat(new Erasure(database, "test").person(77)).isPresent();
            awaitSize(database, held - Crowd.VECTORS);
            assertThat(nearest(database, memory, crowd, 78)).isEqualTo(78);

            // Replaced, and taken up beside what it replaces until that is taken out.
            database.transaction(connection -> {
                move(connection, 20, 9_001, crowd);
                return true;
            });
            assertThat(nearest(database, memory, crowd, 9_001)).isEqualTo(20);
            awaitSize(database, held - Crowd.VECTORS);
            assertThat(nearest(database, memory, crowd, 9_001)).isEqualTo(20);

            // Of a transaction that still runs, so its row is not there for anybody else.
            try (Connection slow = servers.connect()) {
                slow.setAutoCommit(false);
                move(slow, 30, 9_002, crowd);
                assertThat(nearest(slow, memory, crowd, 9_002)).isEqualTo(30);
                assertThat(new Erasure(database, "test").person(78)).isPresent();
                awaitSize(database, held - 2 * Crowd.VECTORS);
                slow.commit();
            }
            assertThat(nearest(database, memory, crowd, 9_002)).as("committed").isEqualTo(30);
        }
    }

    @Test
    void aPartitionThatIsDroppedIsNotHeldAnyLonger() throws Exception {
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            load(database, memory);
            database.transaction(connection -> {
                GalleryPartitions partitions = new GalleryPartitions(connection, Crowd.pack(connection));
                return partitions.drop(partitions.sealed().get(0).first());
            });
            forget(database);
            assertThat(memory.size()).isEqualTo(Crowd.VECTORS);
            assertThat(nearest(database, memory, crowd, PERSONS + 1L)).isEqualTo(PERSONS + 1L);
        }
    }

    /** PostgreSQL counts deletions a few seconds late. */
    private void awaitSize(Database database, long vectors) {
        Servers.await(() -> {
            try {
                forget(database);
                return memory.size() == vectors;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void forget(Database database) throws SQLException {
        try (Connection connection = database.patient()) {
            connection.setAutoCommit(false);
            memory.forget(connection);
        }
    }

    /** What decides is audited: memory, with or without an index beside it. Here it does not know of half of them. */
    @Test
    void theAuditIsOfMemoryWhereThatDecides() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Database database = Database.open(servers.database())) {
            Crowd crowd = grown(database);
            load(database, memory);
            long first = crowd.add(PERSONS, "hall");
            servers.execute("UPDATE template SET written = '0' WHERE person >= ?", first);

            assertThat(new GalleryKeeper(database, memory, registry).look()).isZero();

            assertThat(registry.get("paseo.gallery.recall").gauge().value()).isBetween(0.1, 0.9);
        }
    }

    /** So many persons that the first partition is left behind. */
    private static Crowd grown(Database database) throws SQLException {
        Crowd crowd = new Crowd(database);
        crowd.add(PERSONS, "hall");
        crowd.skipToNextPartition();
        crowd.add(1, "hall");
        return crowd;
    }

    private static boolean load(Database database, GalleryMemory memory) throws SQLException {
        try (Connection connection = database.patient()) {
            connection.setAutoCommit(false);
            return memory.load(connection);
        }
    }

    /** From now on somebody looks like somebody else. */
    private static void move(Connection connection, long person, long look, Crowd crowd) throws SQLException {
        new Gallery(connection, Crowd.pack(connection))
                .keep(person, UUID.randomUUID(), crowd.template(look), OptionalLong.of(person), Seal.random());
    }

    private static long nearest(Database database, GalleryMemory memory, Crowd crowd, long look) throws SQLException {
        return database.transaction(connection -> nearest(connection, memory, crowd, look));
    }

    private static long nearest(Connection connection, GalleryMemory memory, Crowd crowd, long look)
            throws SQLException {
        return new Gallery(connection, Crowd.pack(connection), memory)
                .near(crowd.template(look), 0, Set.of()).stream()
                        .max(Comparator.comparingDouble(Candidate::similarity))
                        .orElseThrow()
                        .person();
    }
}
