package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Embedding;
import paseo.events.PersonEvent;
import paseo.events.Sequence;
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

    /** Cosine {@code first} with the first axis, the rest along the second. */
    private static Embedding look(double first) {
        float[] vector = new float[Recording.DIMENSION];
        vector[0] = (float) first;
        vector[1] = (float) Math.sqrt(1 - first * first);
        return Embedding.normalised(vector);
    }

    private static Embedding stranger() {
        float[] vector = new float[Recording.DIMENSION];
        vector[7] = 1;
        return Embedding.normalised(vector);
    }

    /** Who is created twice, and the stranger. */
    private static Recording fragments(String camera) {
        Recording file = new Recording(camera);
        file.walk(look(1), 5);
        file.walk(look(0.6), 5);
        file.walk(stranger(), 5);
        return file.end();
    }

    /** A picture that is more like the second fragment, and like the first. */
    private static Recording between(String camera, double first) {
        Recording file = new Recording(camera);
        file.walk(look(first), 5);
        return file.end();
    }

    /** People who walk through one after the other. */
    private static Recording again(String camera, Embedding... looks) {
        Recording file = new Recording(camera);
        for (Embedding look : looks) {
            file.walk(look, 5);
        }
        return file.end();
    }

    private void process(Recording... files) throws Exception {
        try (Matcher matcher = servers.startMatcher(registry)) {
            for (Recording file : files) {
                servers.send(file, 0);
                servers.awaitIdle();
            }
            assertThat(matcher.running()).isTrue();
        }
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
    void aMergeIsUndoneAndStaysUndone() throws Exception {
        process(fragments("a"), between("b", 0.8), between("c", 0.78));
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            LedgerEntry undone = revisions.undo(1);

            assertThat(undone.kind()).isEqualTo("SPLIT");
            assertThat(undone.reverts()).hasValue(1);
            assertThat(archive.resolve(2)).hasValue(2);
            assertThat(archive.person(2).orElseThrow().sightings()).hasSize(3);
            assertThat(servers.count("person_centre WHERE person IN (1, 2)"))
                    .as("who is near them can be seen at once")
                    .isEqualTo(2);
            assertThatThrownBy(() -> revisions.undo(1))
                    .isInstanceOf(RefusedRevisionException.class)
                    .hasMessageContaining("undo that one first");

            assertThat(revisions.undo(2).kind()).isEqualTo("MERGED");
            assertThat(archive.resolve(2)).hasValue(1);
            assertThat(revisions.undo(3).kind()).isEqualTo("SPLIT");

            process(between("d", 0.82), between("e", 0.79));
            assertThat(revisions.ledger()).as("consolidation heeds it").hasSize(4);
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L, 3L);
            assertThat(revisions.undo(4).kind())
                    .as("person 2 has others by now, who stay")
                    .isEqualTo("REASSIGNED");
            assertThat(archive.person(2).orElseThrow().sightings()).hasSize(2);
        }
    }

    /** Consolidation merges who is in view, too; then that one turns out to be somebody else. */
    @Test
    void whoWasInViewAtAMergeAndWasDecidedOtherwiseStaysWhereItIs() throws Exception {
        Recording hall = new Recording("hall");
        View inView = new View(hall, 0, 0).grows(8, look(0.6));
        process(fragments("a"), hall, between("b", 0.8), between("c", 0.78));
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(revisions.ledger())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.sequences()).contains(inView.id));

            inView.closes(20, stranger());
            process(rest(hall));
            assertThat(archive.person(3).orElseThrow().sightings())
                    .extracting(SightingRow::sequence)
                    .contains(inView.id);
            LedgerEntry undone = revisions.undo(1);

            assertThat(undone.sequences()).hasSize(3).doesNotContain(inView.id);
            assertThat(archive.person(2).orElseThrow().sightings()).hasSize(3);
            assertThat(archive.person(3).orElseThrow().sightings()).hasSize(2);
        }
    }

    @Test
    void nothingIsUndoneWhereEverythingWasDecidedOtherwise() throws Exception {
        Recording file = new Recording("a");
        file.walk(look(1), 5);
        file.walk(stranger(), 5);
        Recording hall = new Recording("hall");
        View inView = new View(hall, 0, 0).grows(8, look(0.3));
        process(file.end(), hall);
        try (Revisions revisions = Revisions.open(servers.database())) {
            assertThat(revisions.merge(1, 3).sequences()).containsExactly(inView.id);

            inView.closes(20, stranger());
            process(rest(hall));

            assertThatThrownBy(() -> revisions.undo(1))
                    .isInstanceOf(RefusedRevisionException.class)
                    .hasMessageContaining("decided otherwise");
            process(again("later", stranger()));
            assertThat(revisions.ledger())
                    .as("nor does it make one person of the two")
                    .hasSize(1);
        }
    }

    @Test
    void whatWasSaidOfSomebodyInViewIsNotSaidOfWhomTheyTurnOutToBe() throws Exception {
        Recording file = new Recording("a");
        file.walk(look(1), 5);
        file.walk(stranger(), 5);
        Recording hall = new Recording("hall");
        View inView = new View(hall, 0, 0).grows(8, look(0.3));
        process(file.end(), hall);
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            revisions.merge(1, 3);
            assertThat(servers.count("hand_link WHERE together")).isEqualTo(1);

            inView.grows(16, stranger());
            process(rest(hall), again("later", stranger()));

            assertThat(servers.count("hand_link")).isZero();
            assertThat(revisions.ledger()).hasSize(1);
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L);
        }
    }

    @Test
    void whoIsKeptApartStaysSoWhenTheSequencesOfWhichItWasSaidAreForgotten() throws Exception {
        process(fragments("a"), again("b", look(1), look(0.6)));
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            revisions.keepApart(1, 2);
            assertThat(servers.count("hand_link")).isEqualTo(2);

            assertThat(forget("person = 2 AND EXISTS (SELECT FROM hand_link l WHERE s.id IN (l.sequence, l.other))"))
                    .isEqualTo(1);
            assertThat(servers.count("hand_link WHERE NOT together")).isEqualTo(2);
            assertThat(forget("no = (SELECT min(no) FROM sequence WHERE person = 1)"))
                    .isEqualTo(1);
            assertThat(servers.count("hand_link WHERE NOT together"))
                    .as("of those who are left")
                    .isEqualTo(1);

            process(between("c", 0.8), between("d", 0.78));
            assertThat(revisions.ledger()).isEmpty();
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L, 3L);

            assertThat(forget("person = 2")).isEqualTo(3);
            assertThat(servers.count("hand_link"))
                    .as("of whom nothing is left nothing is said")
                    .isZero();
        }
    }

    /** @param which condition on {@code sequence s} */
    private int forget(String which) throws Exception {
        try (Database database = Database.open(servers.database())) {
            return database.transaction(connection -> {
                GalleryLock.takeAlone(connection);
                List<Forgetting.Gone> gone = Sql.query(
                        connection,
                        "SELECT no, id FROM sequence s WHERE " + which,
                        row -> new Forgetting.Gone(row.getLong(1), row.getObject(2, UUID.class)));
                new Forgetting(connection).forget(gone);
                return gone.size();
            });
        }
    }

    @Test
    void whoHasNoSequenceLeftIsNobodysNearest() throws Exception {
        process(again("a", look(1), stranger()), between("b", 0.72));
        try (Revisions revisions = Revisions.open(servers.database())) {
            assertThat(revisions.split(Sequence.idOf("b", 1, 0, 0)).to()).hasValue(3);
            process(again("c", stranger()));
            assertThat(servers.count("person_centre WHERE person = 3")).isEqualTo(1);
            assertThat(servers.count("person WHERE nearest = 3")).isEqualTo(1);

            assertThat(revisions.undo(1).kind()).isEqualTo("RELEASED");

            assertThat(servers.count("person_centre WHERE person = 3")).isZero();
            assertThat(servers.count("person WHERE nearest = 3 OR number = 3 AND nearest IS NOT NULL"))
                    .isZero();
        }
    }

    @Test
    void aVectorThatSomebodyHasRestoredIsKnownToTheNextPass() throws Exception {
        process(fragments("a"));
        try (Database database = Database.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            UUID sequence = database.transaction(connection -> {
                GalleryLock.takeAlone(connection);
                UUID first = Sql.one(
                        connection, "SELECT id FROM sequence WHERE person = 1", row -> row.getObject(1, UUID.class));
                new LedgerRows(connection, Crowd.pack(connection))
                        .append(
                                LedgerEvent.dropped(1, first, 1, 0.1),
                                OptionalLong.empty(),
                                "test",
                                OptionalLong.empty());
                return first;
            });
            assertThat(revisions.undo(1).kind()).isEqualTo("RESTORED");

            Neighbourhood next = database.transaction(connection -> {
                GalleryLock.takeAlone(connection);
                return new NeighbourhoodRows(connection, Crowd.pack(connection)).takeUp();
            });
            assertThat(next.restored()).containsExactly(new Neighbourhood.Prototype(sequence, 1));
        }
    }

    /** What was said last in a session that has begun before. */
    private static Recording rest(Recording begun) {
        Recording rest = new Recording(begun.camera);
        rest.detections.clear();
        rest.sequences.add(begun.sequences.get(begun.sequences.size() - 1));
        return rest;
    }

    @Test
    void peopleMergeAndSplitByHand() throws Exception {
        process(fragments("a"), between("b", 0.8));
        UUID between = Sequence.idOf("b", 1, 0, 0);
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(revisions.ledger()).isEmpty();
            LedgerEntry split = revisions.split(between);
            assertThat(split.from()).hasValue(2);
            assertThat(split.to()).hasValue(4);
            assertThat(revisions.merge(4, 3).to()).hasValue(3);
            assertThat(archive.resolve(4)).hasValue(3);

            process(between("c", 0.79), between("d", 0.81));
            assertThat(archive.person(3).orElseThrow().sightings())
                    .as("a stranger to it in looks, but somebody said so")
                    .extracting(SightingRow::sequence)
                    .contains(between);

            assertThatThrownBy(() -> revisions.split(UUID.randomUUID())).isInstanceOf(RefusedRevisionException.class);
            assertThatThrownBy(() -> revisions.merge(4, 3)).hasMessageContaining("one person already");
            assertThatThrownBy(() -> revisions.merge(1, 99)).hasMessageContaining("no person 99");
            assertThatThrownBy(() -> revisions.undo(99)).hasMessageContaining("no entry 99");
        }
    }

    /** Or everybody would wait while a person who is seen every day is gone through from the beginning. */
    @Test
    void ofACorrectedPersonNoMoreIsTakenUpAgainThanOnePassTakes() throws Exception {
        process(fragments("a"));
        servers.execute("""
                INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                    faces, usable, pack_id, decision, person, decided_person, settled)
                SELECT gen_random_uuid(), session_id, 0, 'CLOSED', 0, n, n, n, n, 5, 5, pack_id, 'NEW', 1, 1, true
                FROM sequence, generate_series(1000, 1999) AS n WHERE no = 1
                """);
        try (Revisions revisions = Revisions.open(servers.database())) {
            revisions.merge(1, 2);
            assertThat(servers.count("sequence WHERE NOT settled")).isEqualTo(NeighbourhoodRows.MOST_CHANGED);
        }
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
