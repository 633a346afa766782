package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static paseo.matching.Fragments.again;
import static paseo.matching.Fragments.between;
import static paseo.matching.Fragments.fragments;
import static paseo.matching.Fragments.look;
import static paseo.matching.Fragments.rest;
import static paseo.matching.Fragments.stranger;

import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Sequence;

/** What a person says of persons, in a real database: it is done, can be undone, and consolidation heeds it. */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class RevisionsIT {
    private final Servers servers;

    RevisionsIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    private void process(Recording... files) throws Exception {
        Fragments.process(servers, files);
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

    @Test
    void aMergeIsUndoneForWhatIsLeftOfIt() throws Exception {
        process(fragments("a"), between("b", 0.8), between("c", 0.78));
        try (Archive archive = Archive.open(servers.database());
                Revisions revisions = Revisions.open(servers.database())) {
            assertThat(revisions.ledger())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.sequences()).hasSize(3));
            assertThat(forget("no = (SELECT min(no) FROM sequence WHERE decided_person = 2)"))
                    .isEqualTo(1);

            LedgerEntry undone = revisions.undo(1);

            assertThat(undone.kind()).isEqualTo("SPLIT");
            assertThat(undone.sequences()).hasSize(2);
            assertThat(archive.person(2).orElseThrow().sightings()).hasSize(2);
            assertThat(archive.counts().persons()).isEqualTo(3);
            assertThat(servers.count("person WHERE number = 2 AND first_sequence IS NOT NULL"))
                    .isEqualTo(1);

            assertThat(forget("person = 2")).isEqualTo(2);
            assertThatThrownBy(() -> revisions.undo(2))
                    .isInstanceOf(RefusedRevisionException.class)
                    .hasMessageContaining("erased");
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
}
