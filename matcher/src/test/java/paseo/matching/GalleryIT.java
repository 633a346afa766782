package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Template;

@Timeout(120)
@ExtendWith(ServersExtension.class)
class GalleryIT {
    private static final int DIMENSION = 256;

    private final Servers servers;
    private final Random random = new Random(5);

    GalleryIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void renew() throws Exception {
        servers.renew();
    }

    /** What calibrations are fitted on is what decisions compare. */
    @Test
    void theSimilarityOfSqlIsThatOfJava() throws Exception {
        List<Template> templates = IntStream.range(0, 12)
                .mapToObj(i -> template(embedding(null), i % 4))
                .toList();
        try (Database database = Database.open(servers.database())) {
            database.transaction(connection -> {
                Gallery gallery = new Gallery(connection, new PackRows(connection).idOf("test@1"));
                for (Template template : templates) {
                    long no = sequence(connection);
                    gallery.keep(no, UUID.randomUUID(), template, OptionalLong.of(gallery.create(no)), Seal.random());
                }
                for (int i = 0; i < templates.size(); i++) {
                    Template probe = template(embedding(templates.get(i).centre()), i % 3);
                    for (Candidate candidate : gallery.near(probe, 0, Set.of())) {
                        Template stored = templates.get((int) candidate.person() - 1);
                        assertThat(candidate.similarity()).isCloseTo(Similarity.between(probe, stored), within(1e-3));
                    }
                    assertThat(gallery.near(probe, 0, Set.of())).hasSize(templates.size());
                }
                return true;
            });
        }
    }

    @Test
    void allSequencesOfAPersonCount() throws Exception {
        Embedding probe = embedding(null);
        List<Embedding> one = List.of(embedding(probe), embedding(probe), embedding(probe));
        List<Embedding> cancelled = List.of(probe, opposite(probe));
        try (Database database = Database.open(servers.database())) {
            database.transaction(connection -> {
                Gallery gallery = new Gallery(connection, new PackRows(connection).idOf("test@1"));
                for (List<Embedding> centres : List.of(one, cancelled)) {
                    long person = gallery.create(sequence(connection));
                    for (Embedding centre : centres) {
                        gallery.keep(
                                sequence(connection),
                                UUID.randomUUID(),
                                template(centre, 0),
                                OptionalLong.of(person),
                                Seal.random());
                    }
                }
                List<Candidate> near = gallery.near(template(probe, 0), 0, Set.of());
                assertThat(near).hasSize(2);
                assertThat(near.get(0).similarity()).isCloseTo(Similarity.ofCentres(List.of(probe), one), within(1e-3));
                assertThat(near.get(1).similarity()).isZero();
                return true;
            });
        }
    }

    private static Embedding opposite(Embedding embedding) {
        float[] values = embedding.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = -values[i];
        }
        return Embedding.normalised(values);
    }

    @Test
    void aSequenceIsNotComparedWithItself() throws Exception {
        Template template = template(embedding(null), 2);
        try (Database database = Database.open(servers.database())) {
            database.transaction(connection -> {
                Gallery gallery = new Gallery(connection, new PackRows(connection).idOf("test@1"));
                long mine = sequence(connection);
                long person = gallery.create(mine);
                gallery.keep(mine, UUID.randomUUID(), template, OptionalLong.of(person), Seal.random());
                gallery.keep(mine, UUID.randomUUID(), template, OptionalLong.of(person), Seal.random());
                assertThat(gallery.near(template, mine, Set.of())).isEmpty();
                assertThat(gallery.size(mine)).isZero();

                long other = sequence(connection);
                gallery.keep(other, UUID.randomUUID(), template, OptionalLong.of(person), Seal.random());
                assertThat(gallery.near(template, mine, Set.of()))
                        .singleElement()
                        .satisfies(found -> assertThat(found.similarity()).isCloseTo(1, within(1e-3)));
                gallery.drop(other);
                assertThat(gallery.near(template, mine, Set.of())).isEmpty();
                return true;
            });
        }
    }

    /** A person that is merged between a search and its use is not used. */
    @Test
    void aMergedPersonCannotBeHeld() throws Exception {
        try (Database database = Database.open(servers.database())) {
            long[] persons = database.transaction(connection -> {
                Gallery gallery = new Gallery(connection, new PackRows(connection).idOf("test@1"));
                return new long[] {gallery.create(sequence(connection)), gallery.create(sequence(connection))};
            });
            try (Connection merging = servers.connect()) {
                merging.setAutoCommit(false);
                new Gallery(merging, (short) 1).abandon(persons[1], OptionalLong.of(persons[0]));
                merging.commit();
            }
            List<Integer> attempts = new ArrayList<>();
            assertThatThrownBy(() -> database.transaction(connection -> {
                        attempts.add(attempts.size());
                        new Gallery(connection, (short) 1).hold(persons[1]);
                        return true;
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("was merged");
            assertThat(attempts).hasSizeGreaterThan(1);
            assertThat(database.<Long>transaction(connection -> new Gallery(connection, (short) 1).size()))
                    .isEqualTo(1);
        }
    }

    private static long sequence(Connection connection) throws SQLException {
        long session = new SessionRows(connection).idOf("camera", 1);
        return Sql.one(connection, """
                INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                    faces, usable, pack_id)
                VALUES (?, ?, 0, 'OPENED', 0, 0, 0, 0, 0, 1, 1, 1)
                RETURNING no
                """, row -> row.getLong(1), UUID.randomUUID(), session);
    }

    private Template template(Embedding centre, int prototypes) {
        List<Template.Prototype> faces = IntStream.range(0, prototypes)
                .mapToObj(i -> new Template.Prototype(
                        i, 0, 0, 0.5f, new Pose(0, 0, 0), embedding(centre), ByteBuffer.wrap(new byte[] {1})))
                .toList();
        return new Template(centre, 1, 1, 1, faces);
    }

    private Embedding embedding(@Nullable Embedding around) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (random.nextGaussian() / 16 + (around == null ? 0 : around.get(i)));
        }
        return Embedding.normalised(vector);
    }
}
