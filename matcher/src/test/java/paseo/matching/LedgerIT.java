package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static paseo.matching.Fragments.again;
import static paseo.matching.Fragments.between;
import static paseo.matching.Fragments.fragments;
import static paseo.matching.Fragments.look;
import static paseo.matching.Fragments.stranger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Embedding;
import paseo.events.PersonEvent;
import paseo.events.Sighting;
import paseo.events.Topics;

/**
 * Consolidation and its ledger in a real database. A person is created twice, because the second picture is unlike the
 * first; then come pictures between the two. Somebody else is there, too.
 */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class LedgerIT {
    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    LedgerIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    private void process(Recording... files) throws Exception {
        Fragments.process(servers, files);
    }

    /** Nothing is decided during a pass: however much waits, each decision waits for one. */
    @Test
    void whatHasPiledUpIsTakenUpWithOneDecisionAfterTheOtherAndAllAtTheEnd() throws Exception {
        Recording file = new Recording("hall");
        file.walk(stranger(), 5);
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(600, "lobby");
        }
        process(file);
        assertThat(servers.count("sequence WHERE NOT settled")).isEqualTo(600 - NeighbourhoodRows.MOST_CHANGED + 1);

        process(Fragments.rest(file.end()));
        assertThat(servers.count("sequence WHERE NOT settled")).isZero();
    }

    @Test
    void fragmentsBecomeOnePersonAndTheOldNumberMeansThem() throws Exception {
        process(fragments("a"), between("b", 0.8), between("c", 0.78));

        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 3L);
            assertThat(archive.people().get(0).sequences()).isEqualTo(4);
            assertThat(archive.people().get(0).cohesion().silhouette().orElseThrow())
                    .isGreaterThan(0.5);
            assertThat(archive.resolve(2)).hasValue(1);
            assertThat(archive.resolve(4)).isEmpty();
            assertThat(archive.person(2).orElseThrow().summary().person()).isEqualTo(1);
            assertThat(archive.counts().persons()).isEqualTo(2);
            assertThat(archive.prototypes(1)).hasSize(4);
            assertThat(servers.count("person_centre WHERE person = 2")).isZero();
            assertThat(servers.count("person WHERE nearest = 2 OR number = 2 AND nearest IS NOT NULL"))
                    .as("nobody is like a number that means somebody else")
                    .isZero();
            assertThat(revisions.ledger()).singleElement().satisfies(entry -> {
                assertThat(entry.kind()).isEqualTo("MERGED");
                assertThat(entry.from()).hasValue(2);
                assertThat(entry.to()).hasValue(1);
                assertThat(entry.sequences()).hasSize(3);
                assertThat(entry.cause()).isEqualTo("AGREEMENT");
            });
        }
        assertThat(servers.sightings())
                .extracting(record -> record.value())
                .filteredOn(sighting -> !sighting.provisional())
                .as("what was decided stays")
                .extracting(Sighting::person)
                .containsExactlyInAnyOrder(1L, 2L, 3L, 2L, 2L);
        assertThat(servers.records(Topics.PERSONS))
                .filteredOn(record -> record.value().kind() == PersonEvent.Kind.MERGED)
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.key()).isEqualTo("1");
                    assertThat(record.value().other()).isEqualTo(2);
                    assertThat(record.value().id()).isEqualTo("ledger/1");
                });
        assertThat(servers.records(Topics.PERSONS))
                .filteredOn(record -> record.value().kind() == PersonEvent.Kind.SILHOUETTE)
                .isNotEmpty();
    }

    @Test
    void silhouettesAreThoseOfAFullPass() throws Exception {
        Recording file = new Recording("crowd");
        for (int round = 0; round < 3; round++) {
            for (int person = 1; person <= 5; person++) {
                file.walk(person, 4);
            }
        }
        process(file.end());

        try (Archive archive = Archive.open(servers.database());
                Connection connection = servers.connect()) {
            Silhouettes full = new Silhouettes();
            Sql.query(
                    connection,
                    "SELECT person, vector_send(embedding::vector) FROM template t WHERE ordinal = 0"
                            + " ORDER BY (SELECT id FROM sequence WHERE no = t.sequence_no)",
                    row -> {
                        full.add(row.getLong(1), Embedding.normalised(Vectors.parse(row.getBytes(2))));
                        return true;
                    });
            assertThat(archive.people()).hasSize(5).allSatisfy(person -> {
                Cohesion expected = full.of(person.person());
                assertThat(person.cohesion().nearest()).isEqualTo(expected.nearest());
                assertThat(person.cohesion().silhouette().orElseThrow())
                        .isCloseTo(expected.silhouette().orElseThrow(), within(1e-9));
            });
        }
    }

    @Test
    void whoWasSeenTogetherIsNeverMerged() throws Exception {
        Recording together = new Recording("together");
        together.together(5, List.of(frame -> look(1), frame -> look(0.6)));
        process(together.end(), between("b", 0.8), between("c", 0.78), between("d", 0.82));

        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(archive.people()).hasSize(2);
            assertThat(revisions.ledger()).isEmpty();
            assertThatThrownBy(() -> revisions.merge(1, 2))
                    .isInstanceOf(RefusedRevisionException.class)
                    .hasMessageContaining("seen in one frame");
            assertThat(revisions.ledger()).isEmpty();
        }
    }

    @Test
    void aReplayWritesTheSameLedger() throws Exception {
        Recording[] files = {fragments("a"), between("b", 0.8), between("c", 0.78), between("d", 0.7)};
        process(files);
        String first = Servers.contents(servers.database());
        assertThat(first).contains("MERGED");
        servers.renew();
        process(files);
        assertThat(Servers.contents(servers.database())).isEqualTo(first);
        process(files);
        assertThat(Servers.contents(servers.database())).as("delivered again").isEqualTo(first);
    }

    @Test
    void anUndecidedSequenceIsAdoptedOnceItIsClear() throws Exception {
        Recording first = new Recording("a");
        first.walk(look(1), 5);
        first.walk(stranger(), 5);
        Recording unclear = between("b", 0.72);
        Recording clear = between("c", 0.9);
        process(first.end(), unclear, clear);

        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(archive.sightings(SessionFilter.of(List.of(new SessionKey("b", 1)))))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.decision()).isEqualTo(Decision.UNDECIDED);
                        assertThat(row.person()).hasValue(1);
                    });
            revisions.undo(1);
            assertThat(archive.person(1).orElseThrow().sightings()).hasSize(2);
            process(between("d", 0.88));
            assertThat(revisions.ledger()).extracting(LedgerEntry::kind).containsExactly("ADOPTED", "RELEASED");
        }
    }

    /** A pass would else take longer with each day. */
    @Test
    void onlyTheNewestUndecidedSequencesAreLookedAtAgain() throws Exception {
        process(again("a", look(1), stranger()), between("b", 0.72));
        try (Database database = Database.open(servers.database())) {
            assertThat(nearPerson1(database).undecided()).hasSize(1);
            servers.execute("""
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                        faces, usable, pack_id, decision, settled)
                    SELECT gen_random_uuid(), session_id, 0, 'CLOSED', 0, n, n, n, n, 5, 5, pack_id, 'UNDECIDED', true
                    FROM sequence, generate_series(1000, 10999) AS n WHERE no = 1
                    """);
            assertThat(nearPerson1(database).undecided()).isEmpty();
        }
    }

    private static Neighbourhood nearPerson1(Database database) throws SQLException {
        return database.transaction(connection -> {
            GalleryLock.takeAlone(connection);
            NeighbourhoodRows.unsettle(connection, 1, 1L);
            return new NeighbourhoodRows(connection, Crowd.pack(connection)).takeUp();
        });
    }

    @Test
    void aPassIsDueAfterSoManyDecisionsAlthoughTheSessionGoesOn() throws Exception {
        Recording camera = new Recording("live");
        for (int i = 0; i <= Consolidator.DUE; i++) {
            camera.walk(1 + i % 4, 3);
        }
        process(camera);

        try (Connection connection = servers.connect()) {
            long settled = Sql.one(connection, "SELECT count(*) FROM sequence WHERE settled", row -> row.getLong(1));
            assertThat(settled).isEqualTo(Consolidator.DUE);
        }
    }

    @Test
    void recognisingAndMergingAtOnceLeavesNobodyWithADeadNumber() throws Exception {
        process(fragments("a"));
        List<Recording> files = new ArrayList<>();
        for (int partition = 0; partition < Servers.PARTITIONS; partition++) {
            for (int i = 0; i < 5; i++) {
                files.add(between("gate-" + partition + "-" + i, 0.78 + 0.01 * i));
            }
        }
        try (Matcher one = servers.startMatcher(registry);
                Matcher two = servers.startMatcher(new SimpleMeterRegistry())) {
            for (int i = 0; i < files.size(); i++) {
                servers.send(files.get(i), i % Servers.PARTITIONS);
            }
            servers.awaitIdle();
            assertThat(one.running() && two.running()).isTrue();
        }
        try (Archive archive = Archive.open(servers.database());
                Connection connection = servers.connect()) {
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 3L);
            assertThat(archive.people().get(0).sequences()).isEqualTo(22);
            long dead = Sql.one(connection, """
                    SELECT (SELECT count(*) FROM sequence s JOIN person p ON p.number = s.person
                            WHERE p.merged_into IS NOT NULL)
                         + (SELECT count(*) FROM template t JOIN person p ON p.number = t.person
                            WHERE p.merged_into IS NOT NULL)
                    """, row -> row.getLong(1));
            assertThat(dead).isZero();
        }
    }
}
