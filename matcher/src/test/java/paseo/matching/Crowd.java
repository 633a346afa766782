package paseo.matching;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Template;

/** Many persons in the gallery of {@link Recording#PACK}, each with one decided sequence: a centre and a prototype. */
final class Crowd {
    /** Vectors of one person. */
    static final int VECTORS = 2;

    private final Database database;
    private final Random random = new Random(11);

    Crowd(Database database) {
        this.database = database;
    }

    /** So many more persons, seen by a camera; the number of the first. */
    long add(int persons, String camera) throws SQLException {
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(persons).toList();
        Map<UUID, Seal> seals = database.keys().ensure(ids);
        return database.transaction(connection -> {
            PackRows packs = new PackRows(connection);
            short pack = packs.idOf(Recording.PACK);
            Gallery gallery = new Gallery(connection, pack);
            long first = 0;
            for (int i = 0; i < persons; i++) {
                UUID id = ids.get(i);
                long no = sequence(connection, id, camera, pack);
                long person = gallery.create(no);
                first = i == 0 ? person : first;
                Template template = template(embedding(person));
                packs.checkDimension(pack, template);
                gallery.keep(no, id, template, OptionalLong.of(person), Objects.requireNonNull(seals.get(id)));
                Sql.update(connection, """
                        UPDATE sequence SET phase = 'CLOSED', decision = 'NEW', person = ?, decided_person = ?,
                            usable = 5, threshold = 0.5, gallery_size = 0, calibration = 'test' WHERE no = ?
                        """, person, person, no);
            }
            return first;
        });
    }

    /** What a person looks like. */
    Embedding embedding(long person) {
        random.setSeed(person);
        float[] vector = new float[Recording.DIMENSION];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Embedding.normalised(vector);
    }

    /** Nobody new: the next sequence belongs to the partition after this one. */
    void skipToNextPartition() throws SQLException {
        database.transaction(connection -> {
            long next = (GalleryPartitions.latest(connection) / GalleryPartitions.WIDTH + 1) * GalleryPartitions.WIDTH;
            return Sql.update(connection, "ALTER TABLE sequence ALTER COLUMN no RESTART WITH " + next);
        });
    }

    /** Whom a search for somebody names. */
    List<Candidate> near(long person) throws SQLException {
        return database.transaction(
                connection -> new Gallery(connection, pack(connection)).near(template(person), 0, Set.of()));
    }

    List<GalleryPartition> partitions() throws SQLException {
        return database.transaction(connection -> new GalleryPartitions(connection, pack(connection)).all());
    }

    static short pack(Connection connection) throws SQLException {
        return new PackRows(connection).idOf(Recording.PACK);
    }

    private static long sequence(Connection connection, UUID id, String camera, short pack) throws SQLException {
        long session = new SessionRows(connection).idOf(camera, 1);
        return Sql.one(connection, """
                INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                    faces, usable, pack_id)
                VALUES (?, ?, 0, 'OPENED', 0, 0, 0, 0, 0, 5, 5, ?)
                RETURNING no
                """, row -> row.getLong(1), id, session, pack);
    }

    /** A template of what a person looks like. */
    Template template(long person) {
        return template(embedding(person));
    }

    private static Template template(Embedding embedding) {
        return new Template(
                embedding,
                1,
                1,
                5,
                List.of(new Template.Prototype(
                        0, 0, 0, 0.5f, new Pose(0, 0, 0), embedding, ByteBuffer.wrap(new byte[] {1}))));
    }
}
