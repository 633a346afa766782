package paseo.matching;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * A gallery that is filled by hand, to measure how it is searched. Vectors are known by the order in which they were
 * added, from 0 on. For a database of its own.
 */
public final class GalleryTrial implements AutoCloseable {
    private static final String CAMERA = "trial";
    /** Vectors in one statement; a multiple of what a sequence can have. */
    private static final int BATCH = 1_200;

    private final Database database;
    private final GalleryMemory memory;
    private final GalleryKeeper keeper;
    private final short pack;
    private final int perSequence;
    private final int sequencesPerPerson;
    private long sequences;

    private GalleryTrial(Database database, GalleryMemory memory, short pack, int perSequence, int sequencesPerPerson) {
        this.database = database;
        this.memory = memory;
        this.keeper = new GalleryKeeper(database, memory, new SimpleMeterRegistry());
        this.pack = pack;
        this.perSequence = perSequence;
        this.sequencesPerPerson = sequencesPerPerson;
    }

    /**
     * An empty one.
     *
     * @param perSequence vectors of each sequence: a centre and prototypes
     * @param sequencesPerPerson sequences of each person
     * @throws UnusableDatabaseException if the database cannot be used
     */
    public static GalleryTrial open(
            DatabaseSettings settings, String modelPack, int dimension, int perSequence, int sequencesPerPerson) {
        Database database = Database.open(settings);
        short pack = database.asked("make a gallery", connection -> {
            short id = new PackRows(connection).idOf(modelPack);
            Sql.update(connection, "UPDATE model_pack SET dimension = ? WHERE id = ?", dimension, id);
            return id;
        });
        return new GalleryTrial(database, new GalleryMemory(modelPack), pack, perSequence, sequencesPerPerson);
    }

    /** Vectors in it. */
    public long size() {
        return sequences * perSequence;
    }

    /** Adds vectors of whole persons, all at once. */
    public void add(List<Embedding> vectors) {
        int added = vectors.size() / perSequence;
        if (added % sequencesPerPerson != 0 || vectors.size() % perSequence != 0) {
            throw new IllegalArgumentException("vectors of whole persons are added, not " + vectors.size());
        }
        database.asked("fill a gallery", connection -> {
            long first = sequences + 1;
            rows(connection, first, added);
            for (long no = first; no < first + added + GalleryPartitions.WIDTH; no += GalleryPartitions.WIDTH) {
                new GalleryPartitions(connection, pack).ensure(Math.min(no, first + added - 1));
            }
            templates(connection, first, vectors);
            return true;
        });
        sequences += added;
    }

    private void rows(Connection connection, long first, int added) throws SQLException {
        long session = new SessionRows(connection).idOf(CAMERA, 1);
        Sql.update(connection, """
                INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us, last_us,
                    faces, usable, pack_id)
                SELECT gen_random_uuid(), ?, 0, 'OPENED', 0, 0, 0, 0, 0, 5, 5, ? FROM generate_series(1, ?)
                """, session, pack, added);
        Sql.update(
                connection,
                "INSERT INTO person (number, first_sequence, pack_id)"
                        + " SELECT (no - 1) / ? + 1, no, ? FROM sequence WHERE no >= ? AND (no - 1) % ? = 0",
                sequencesPerPerson,
                pack,
                first,
                sequencesPerPerson);
        Sql.update(connection, """
                UPDATE sequence SET phase = 'CLOSED', decision = 'NEW', person = p.number, decided_person = p.number,
                    threshold = 0.5, gallery_size = 0, calibration = 'trial'
                FROM (SELECT number, first_sequence FROM person) AS p
                WHERE no >= ? AND p.first_sequence = no - (no - 1) % ?
                """, first, sequencesPerPerson);
    }

    private void templates(Connection connection, long first, List<Embedding> vectors) throws SQLException {
        for (int start = 0; start < vectors.size(); start += BATCH) {
            List<Embedding> batch = vectors.subList(start, Math.min(start + BATCH, vectors.size()));
            Sql.update(
                    connection,
                    """
                    INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding, crop)
                    SELECT ?, no, (i - 1) % p.vectors, (no - 1) / ? + 1, text::halfvec, ''
                    FROM (SELECT ?::integer AS vectors) AS p,
                        unnest(?::text[]) WITH ORDINALITY AS v (text, i),
                        LATERAL (SELECT ? + (i - 1) / p.vectors AS no) AS n
                    """,
                    pack,
                    sequencesPerPerson,
                    perSequence,
                    batch.stream().map(Vectors::text).toArray(String[]::new),
                    first + start / perSequence);
        }
    }

    /** Adds the vectors of one sequence of a new person as the matcher does, in a transaction of its own. */
    public void insert(List<Embedding> vectors) {
        database.asked("keep a template", connection -> {
            GalleryLock.share(connection);
            long session = new SessionRows(connection).idOf(CAMERA, 1);
            long no = Sql.one(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, pack_id)
                    VALUES (gen_random_uuid(), ?, 0, 'OPENED', 0, 0, 0, 0, 0, 5, 5, ?) RETURNING no
                    """, row -> row.getLong(1), session, pack);
            Gallery gallery = new Gallery(connection, pack);
            gallery.lockCreation();
            gallery.keep(no, TrialTemplate.of(vectors), OptionalLong.of(gallery.create(no)));
            return true;
        });
        sequences++;
    }

    /**
     * Brings the database's statistics up to date, and has memory read the gallery.
     *
     * @param indexes whether to index what waits for it as well, which takes minutes
     */
    public void settle(boolean indexes) {
        try {
            try (Connection connection = database.patient()) {
                connection.setAutoCommit(false);
                memory.load(connection);
            }
            if (indexes) {
                keeper.look();
            }
            try (Connection connection = database.patient()) {
                Sql.update(connection, "VACUUM ANALYZE");
            }
        } catch (SQLException e) {
            throw new UnusableDatabaseException(SqlFaults.passing(e), "cannot index the gallery: " + e.getMessage(), e);
        }
    }

    /** The vectors nearest to one, the nearest first. */
    public List<Long> nearest(Embedding probe, int most) {
        return database.asked("search a gallery", connection -> {
            GallerySearch.Part part =
                    new GallerySearch(connection, pack).nearest("(SELECT embedding FROM probe)", 0, Set.of(), most);
            List<@Nullable Object> parameters = new ArrayList<>();
            parameters.add(Vectors.text(probe));
            parameters.addAll(part.parameters());
            return Sql.query(
                    connection,
                    "WITH probe AS MATERIALIZED (SELECT ?::halfvec AS embedding)"
                            + " SELECT hit.sequence_no, hit.ordinal FROM (" + part.sql() + ") AS hit",
                    row -> (row.getLong(1) - 1) * perSequence + row.getInt(2),
                    parameters.toArray());
        });
    }

    /**
     * Searches as a decision does: the nearest name persons, who are then compared by all of their templates.
     *
     * @return who was named, by number: 1 is whoever was added first
     */
    public List<Long> decide(List<Embedding> probe) {
        return database.asked(
                "search a gallery",
                connection -> new Gallery(connection, pack, memory)
                        .near(TrialTemplate.of(probe), 0, Set.of()).stream()
                                .map(Candidate::person)
                                .toList());
    }

    @Override
    public void close() {
        database.close();
    }
}
