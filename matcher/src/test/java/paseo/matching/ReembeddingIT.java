package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Embedding;
import paseo.events.Template;

/**
 * A gallery of {@link Recording#PACK} moves to another pack, whose vectors are those of the first one backwards where
 * nothing else is said: the same people, in another space.
 */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class ReembeddingIT {
    private static final String OTHER = "other@1";

    private final Servers servers;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    ReembeddingIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    /** Persons 1 and 2 are seen twice, 3 and 4 once, together. */
    private void store() throws Exception {
        Recording first = new Recording("first");
        first.walk(1, 5);
        first.walk(2, 5);
        Recording second = new Recording("second");
        second.walk(1, 5);
        second.walk(2, 5);
        second.together(5, 3, 4);
        process(Recording.PACK, first.end(), second.end());
    }

    private void process(String pack, Recording... files) throws Exception {
        MatcherSettings settings = new MatcherSettings(
                servers.bootstrapServers(), Servers.PARTITIONS, servers.database(), pack, Servers.THRESHOLDS);
        try (Matcher matcher = new Matcher(settings, registry)) {
            matcher.start();
            for (Recording file : files) {
                servers.send(file, 0);
                servers.awaitIdle();
            }
            assertThat(matcher.running()).isTrue();
        }
    }

    @Test
    void everybodyKeepsTheirNumberAndIsRecognisedByTheNewPack() throws Exception {
        store();
        try (Archive archive = Archive.open(servers.database())) {
            List<SightingRow> before = archive.sightings(SessionFilter.all());
            List<PrototypeRow> pictures = archive.prototypes(1);
            try (Reembedding gallery = reembedding()) {
                assertThat(gallery.galleries()).containsExactly(Recording.PACK);
                assertThat(step(gallery, 2, this::mirrored)).isEqualTo(2);
            }
            try (Reembedding gallery = reembedding()) {
                assertThat(gallery.state(Recording.PACK)).isEqualTo(new Reembedding.State(2, 4));
                assertThat(all(gallery, this::mirrored)).as("goes on").isEqualTo(4);
                assertThat(archive.prototypes(1)).as("none is shown twice").isEqualTo(pictures);
                assertThat(found(1)).as("not in use yet").isEmpty();
                PackAgreement agreement = gallery.measure(Recording.PACK, Servers.THRESHOLDS);
                assertThat(agreement).isEqualTo(new PackAgreement(4, 4, 4, 1, 1, 0.75));
                assertThat(gallery.move(Recording.PACK, 0, agreement))
                        .hasValueSatisfying(moved -> assertThat(moved).isEqualTo(new Reembedding.Moved(6, 4, 0, 1)));
                assertThat(gallery.galleries()).as("nothing to do again").isEmpty();
            }
            assertThat(archive.sightings(SessionFilter.all()))
                    .as("decisions are as they were, and by whom they were made")
                    .isEqualTo(before);
            assertThat(archive.prototypes(1)).isEqualTo(pictures);
            assertThat(servers.count(
                            "template t JOIN model_pack p ON p.id = t.pack_id WHERE p.name = ?", Recording.PACK))
                    .isZero();
            assertThat(servers.count("table_purge WHERE relation LIKE 'template%' AND due <= now()"))
                    .as("nor is anything to be left in files")
                    .isPositive();
            assertThat(found(1)).containsExactly(1L);

            Recording third = new Recording("third");
            UUID again = third.walk(1, 5);
            UUID once = third.walk(3, 5);
            UUID stranger = third.walk(9, 5);
            process(OTHER, Mirror.of(third.end(), OTHER));
            assertThat(owner(archive, again)).isEqualTo(OptionalLong.of(1));
            assertThat(owner(archive, once)).isEqualTo(OptionalLong.of(3));
            assertThat(owner(archive, stranger)).isEqualTo(OptionalLong.of(5));
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(archive.people().get(0).cohesion().silhouette())
                    .as("consolidation looked at everybody")
                    .isPresent();
        }
        try (ApiDatabase database = ApiDatabase.open(servers.database())) {
            assertThat(database.audit().verify().broken()).isEmpty();
            assertThat(database.audit().newest(Long.MAX_VALUE, 1))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.action()).isEqualTo("reembed");
                        assertThat(entry.subject()).isEqualTo("test@1 to other@1");
                        assertThat(entry.outcome()).startsWith("4 persons, 6 sequences, 0 left; agreement 1.000 of 4");
                    });
        }
    }

    @Test
    void whatDoesNotAgreeIsSeenAndCanBeDiscarded() throws Exception {
        store();
        try (Reembedding gallery = reembedding()) {
            all(gallery, no -> Embedding.normalised(new float[] {no % 2 == 0 ? 1 : -1, 0.01f * no, 0.3f}));
            PackAgreement agreement = gallery.measure(Recording.PACK, Servers.THRESHOLDS);
            assertThat(agreement.before()).isEqualTo(4);
            assertThat(agreement.kept()).isLessThan(4);
            assertThat(agreement.reaches(0.95)).isFalse();
            assertThat(gallery.discard()).isEqualTo(6);
            assertThat(gallery.state(Recording.PACK)).isEqualTo(new Reembedding.State(0, 6));
        }
        try (Archive archive = Archive.open(servers.database())) {
            assertThat(archive.prototypes(1)).hasSize(2);
        }
    }

    @Test
    void sequencesThatCameMeanwhileAndServicesThatGoOnAreSeen() throws Exception {
        store();
        try (Reembedding gallery = reembedding()) {
            all(gallery, this::mirrored);
            assertThat(gallery.others()).isZero();
            PackAgreement agreement = gallery.measure(Recording.PACK, Servers.THRESHOLDS);
            Recording third = new Recording("third");
            third.walk(1, 5);
            process(Recording.PACK, third.end());
            assertThat(gallery.move(Recording.PACK, 0, agreement)).isEmpty();
            assertThat(gallery.state(Recording.PACK)).as("nothing has moved").isEqualTo(new Reembedding.State(6, 1));
            try (Matcher matcher = servers.startMatcher(registry)) {
                assertThat(matcher.running()).isTrue();
                assertThat(gallery.others()).isPositive();
            }
        }
    }

    @Test
    void whoeverHasNoUsablePictureStays() throws Exception {
        store();
        try (Reembedding gallery = reembedding();
                Archive archive = Archive.open(servers.database())) {
            long third = number("SELECT no FROM sequence WHERE person = 3");
            long firstOfOne = number("SELECT min(no) FROM sequence WHERE person = 1");
            all(gallery, no -> no == third || no == firstOfOne ? null : mirrored(no));
            assertThat(gallery.state(Recording.PACK)).isEqualTo(new Reembedding.State(4, 2));
            PackAgreement agreement = gallery.measure(Recording.PACK, Servers.THRESHOLDS);
            assertThat(agreement.probes())
                    .as("of person 1 only one sequence is ready")
                    .isEqualTo(2);
            assertThat(gallery.move(Recording.PACK, 2, agreement)).isPresent();
            assertThat(gallery.galleries()).containsExactly(Recording.PACK);
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L, 3L, 4L);
            assertThat(number(
                            "SELECT count(*) FROM person JOIN model_pack p ON p.id = pack_id WHERE p.name = 'test@1'"))
                    .as("person 3")
                    .isEqualTo(1);
            assertThat(archive.prototypes(1)).as("both pictures").hasSize(2);
            Recording more = new Recording("more");
            UUID again = more.walk(1, 5);
            process(OTHER, Mirror.of(more.end(), OTHER));
            assertThat(owner(archive, again)).isEqualTo(OptionalLong.of(1));
        }
    }

    @Test
    void theLedgerIsUndoneBehindTheMove() throws Exception {
        store();
        try (Revisions revisions = Revisions.open(servers.database())) {
            revisions.merge(1, 3);
        }
        try (Reembedding gallery = reembedding()) {
            all(gallery, this::mirrored);
            gallery.move(Recording.PACK, 0, gallery.measure(Recording.PACK, Servers.THRESHOLDS));
        }
        try (Revisions revisions = Revisions.open(servers.database());
                Archive archive = Archive.open(servers.database())) {
            assertThat(archive.people()).extracting(PersonSummary::person).containsExactly(1L, 2L, 4L);
            revisions.undo(1);
            assertThat(archive.people()).extracting(PersonSummary::sequences).containsExactly(2L, 2L, 1L, 1L);
        }
        assertThat(found(3)).containsExactly(3L);
    }

    @Test
    void erasureReachesWhatIsNotUsedYet() throws Exception {
        store();
        try (Reembedding gallery = reembedding();
                ApiDatabase database = ApiDatabase.open(servers.database())) {
            all(gallery, this::mirrored);
            assertThat(database.erasure("test").person(1))
                    .hasValueSatisfying(receipt ->
                            assertThat(receipt.templates()).as("both packs'").isEqualTo(2 * 2 * 2));
            assertThat(gallery.state(Recording.PACK)).isEqualTo(new Reembedding.State(4, 0));
            database.erasure("test").optOut(2);
            assertThat(gallery.optedOut(Recording.PACK)).isEqualTo(1);
            assertThat(gallery.move(Recording.PACK, 0, gallery.measure(Recording.PACK, Servers.THRESHOLDS)))
                    .hasValueSatisfying(moved -> assertThat(moved.persons()).isEqualTo(2));
            database.erasure("test").person(3);
            assertThat(found(3)).as("somebody else is the nearest now").containsExactly(4L);
        }
    }

    @Test
    void retentionForgetsWhatIsNotUsedYetAndLeavesTheRest() throws Exception {
        try (Database database = Database.open(servers.database());
                Reembedding gallery = reembedding()) {
            Crowd crowd = new Crowd(database);
            crowd.add(3, "lobby");
            crowd.add(3, "hall");
            crowd.skipToNextPartition();
            crowd.add(1, "hall");
            all(gallery, this::mirrored);
            database.transaction(connection -> Sql.update(connection, """
                            UPDATE camera_session SET source = 'lobby', kind = 'CAMERA', retention_s = 60
                            WHERE camera = 'lobby'
                            """));
            Retention retention = new Retention(database, Optional.empty(), registry);
            assertThat(retention.forget(Instant.now().plus(Duration.ofHours(1))))
                    .isEqualTo(3);
            assertThat(gallery.state(Recording.PACK)).isEqualTo(new Reembedding.State(4, 0));
            assertThat(new GalleryKeeper(database, new GalleryMemory(OTHER), registry, 1).look())
                    .as("only what is used is indexed")
                    .isEqualTo(1);
        }
    }

    private Reembedding reembedding() {
        return Reembedding.open(servers.database(), "test", OTHER);
    }

    private static int all(Reembedding gallery, LongFunction<@Nullable Embedding> look) {
        return step(gallery, 1_000, look);
    }

    /** One batch; a sequence of no look cannot be embedded. */
    private static int step(Reembedding gallery, int most, LongFunction<@Nullable Embedding> look) {
        List<RemadeTemplate> remade = new ArrayList<>();
        for (StoredFaces faces : gallery.next(Recording.PACK, 0, most)) {
            Embedding vector = look.apply(faces.sequence());
            if (vector != null) {
                remade.add(new RemadeTemplate(faces, template(faces, vector), Map.of(1, vector)));
            }
        }
        return gallery.write(Recording.PACK, remade);
    }

    private static Template template(StoredFaces faces, Embedding vector) {
        StoredFaces.Shot shot = faces.shots().get(0);
        assertThat(shot.alignedBy()).isEqualTo(Recording.PACK);
        return new Template(
                vector,
                1,
                1,
                1,
                List.of(new Template.Prototype(
                        shot.frame(),
                        shot.faceIndex(),
                        shot.captureTimeMicros(),
                        shot.quality(),
                        shot.pose(),
                        vector,
                        shot.jpeg())));
    }

    /** What the other pack sees in the stored picture of a sequence. */
    private Embedding mirrored(long sequence) {
        try (Connection connection = servers.connect()) {
            return Sql.one(
                    connection,
                    "SELECT vector_send(t.embedding::vector) FROM template t JOIN model_pack p ON p.id = t.pack_id"
                            + " WHERE p.name = ? AND t.sequence_no = ? AND t.ordinal = 1",
                    row -> Mirror.of(Embedding.normalised(Vectors.parse(row.getBytes(1)))),
                    Recording.PACK,
                    sequence);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Whom a search with the other pack names first. */
    private List<Long> found(int person) {
        try (ApiDatabase database = ApiDatabase.open(servers.database())) {
            return database
                    .likenesses()
                    .like(Mirror.of(Recording.pictureOf(person, new Random(person).nextLong())), OTHER, 1)
                    .candidates()
                    .stream()
                    .map(row -> (Long) row.get("person"))
                    .toList();
        }
    }

    private static OptionalLong owner(Archive archive, UUID sequence) {
        return archive.sightings(SessionFilter.all()).stream()
                .filter(row -> row.sequence().equals(sequence))
                .findFirst()
                .orElseThrow()
                .person();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, sql, row -> row.getLong(1));
        }
    }
}
