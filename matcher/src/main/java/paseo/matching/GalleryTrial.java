package paseo.matching;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import paseo.events.Embedding;

/**
 * A gallery that is filled by hand, to measure how it is searched. Vectors are known by the order in which they were
 * added, from 0 on. For a database of its own.
 */
public final class GalleryTrial implements AutoCloseable {
    /** The camera that every hundredth person was seen by. */
    public static final String RARE_CAMERA = "trial-rare";

    private static final String CAMERA = "trial";
    /** One person in so many was seen by the rare camera. */
    private static final int RARE = 100;
    /** Sequence number n was stored n seconds later. */
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    /** Vectors in one statement; a multiple of what a sequence can have. */
    private static final int BATCH = 1_200;

    /** Sequences that are decided of the records of one poll. */
    private static final int POLL = 64;

    private final Database database;
    private final String modelPack;
    private final short pack;
    private final int perSequence;
    private final int sequencesPerPerson;
    private final SealsAhead seals;
    private final Queue<UUID> ids = new ArrayDeque<>();
    private GalleryMemory memory;
    private long sequences;

    private GalleryTrial(Database database, String modelPack, short pack, int perSequence, int sequencesPerPerson) {
        this.database = database;
        this.seals = new SealsAhead(database.keys());
        this.modelPack = modelPack;
        this.memory = new GalleryMemory(modelPack);
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
        return new GalleryTrial(database, modelPack, pack, perSequence, sequencesPerPerson);
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
        SessionRows sessions = new SessionRows(connection);
        long session = sessions.idOf(CAMERA, 1);
        long rare = sessions.idOf(RARE_CAMERA, 1);
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
                    threshold = 0.5, gallery_size = 0, calibration = 'trial',
                    session_id = CASE WHEN (p.number - 1) % ? = 0 THEN ? ELSE session_id END,
                    stored_at = ?::timestamptz + no * interval '1 second'
                FROM (SELECT number, first_sequence FROM person) AS p
                WHERE no >= ? AND p.first_sequence = no - (no - 1) % ?
                """, RARE, rare, START.atOffset(ZoneOffset.UTC), first, sequencesPerPerson);
    }

    private void templates(Connection connection, long first, List<Embedding> vectors) throws SQLException {
        for (int start = 0; start < vectors.size(); start += BATCH) {
            List<Embedding> batch = vectors.subList(start, Math.min(start + BATCH, vectors.size()));
            Sql.update(
                    connection,
                    """
                    INSERT INTO template (pack_id, sequence_no, ordinal, person, embedding)
                    SELECT ?, no, (i - 1) % p.vectors, (no - 1) / ? + 1, text::halfvec
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
        UUID id = nextId();
        database.asked("keep a template", connection -> {
            GalleryLock.share(connection);
            long session = new SessionRows(connection).idOf(CAMERA, 1);
            long no = Sql.one(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, pack_id)
                    VALUES (?, ?, 0, 'OPENED', 0, 0, 0, 0, 0, 5, 5, ?) RETURNING no
                    """, row -> row.getLong(1), id, session, pack);
            Gallery gallery = new Gallery(connection, pack);
            gallery.lockCreation();
            gallery.keep(no, id, TrialTemplate.of(vectors), OptionalLong.of(gallery.create(no)), seals.of(id));
            return true;
        });
        sequences++;
    }

    /** Keys are made for some at once, as for the records of one poll. */
    private UUID nextId() {
        if (ids.isEmpty()) {
            for (int i = 0; i < POLL; i++) {
                ids.add(UUID.randomUUID());
            }
            try {
                seals.prepare(ids);
            } catch (SQLException e) {
                throw unusable("make keys for", e);
            }
        }
        return ids.remove();
    }

    /** Brings the database's statistics up to date, and has memory read the gallery anew. */
    public void settle() {
        try {
            memory = new GalleryMemory(modelPack);
            try (Connection connection = database.patient()) {
                connection.setAutoCommit(false);
                memory.load(connection);
            }
            analyse();
        } catch (SQLException e) {
            throw unusable("read", e);
        }
    }

    /** Gives every partition that nothing is added to its index by similarity. */
    public void index() {
        try {
            new GalleryKeeper(database, memory, new SimpleMeterRegistry()).look();
            analyse();
        } catch (SQLException e) {
            throw unusable("index", e);
        }
    }

    private void analyse() throws SQLException {
        try (Connection connection = database.patient()) {
            Sql.update(connection, "VACUUM ANALYZE");
        }
    }

    private static UnusableDatabaseException unusable(String what, SQLException e) {
        return new UnusableDatabaseException(
                SqlFaults.passing(e), "cannot " + what + " the gallery: " + e.getMessage(), e);
    }

    /** What was stored with vectors from one to before another. */
    public SearchFilter between(long from, long to) {
        return SearchFilter.between(time(from), time(to));
    }

    private Instant time(long vector) {
        return START.plusSeconds(vector / perSequence + 1);
    }

    /** The vectors nearest to one: as the matcher finds them, from memory where that is ready. */
    public List<Long> nearest(Embedding probe, int most) {
        return search(search -> search.nearest(memory, probe, 0, Set.of(), most));
    }

    /** The same without memory: by the indexes that are there, everything else in full. */
    public List<Long> nearestInDatabase(Embedding probe, int most) {
        return search(search -> search.nearest(null, probe, 0, Set.of(), most));
    }

    /** The same by comparing with everything. */
    public List<Long> nearestExactly(Embedding probe, int most) {
        return search(search -> search.hits(search.exact(GallerySearch.PROBE, 0, Set.of(), most), probe));
    }

    /** The nearest of those whom a filter leaves, from memory where that is ready. */
    public List<Long> nearest(Embedding probe, SearchFilter filter, int most) {
        return search(search -> search.nearest(memory, probe, filter, most));
    }

    /** A way to search. */
    @FunctionalInterface
    private interface Way {
        List<GallerySearch.Hit> by(GallerySearch search) throws SQLException;
    }

    private List<Long> search(Way way) {
        return database.asked("search a gallery", connection -> way.by(new GallerySearch(connection, pack))).stream()
                .map(hit -> (hit.sequence() - 1) * perSequence + hit.ordinal())
                .toList();
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
