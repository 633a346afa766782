package paseo.matching;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what has been kept for long enough: as long as the camera wishes, and never longer than the matcher allows.
 * Time counts from when something was taken in, for files, too. Sequences go with all that hangs on them, then faces
 * and frames that belong to no sequence; a person of whom nothing is left leaves an empty number. A partition of
 * templates goes whole once all in it is to be forgotten. One matcher of a deployment does it at a time.
 */
final class Retention implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final int BATCH = 200;
    private static final long LOCK = 0x706173656f000005L;
    /**
     * Seconds that a session's things are kept, whichever is shorter; null for ever. What a camera wishes now counts
     * for all that it has seen, also that it wishes nothing any more. A session of which no sign of life was read has
     * not said anything, and a file is not the camera of that name.
     */
    private static final String KEPT = """
            WITH wish AS (
                SELECT DISTINCT ON (camera, kind) camera, kind, nullif(retention_s, 0) AS seconds
                FROM camera_session WHERE source IS NOT NULL ORDER BY camera, kind, id DESC
            ), kept AS MATERIALIZED (
                SELECT c.id, least(w.seconds, ?::bigint) AS seconds
                FROM camera_session c LEFT JOIN wish w ON w.camera = c.camera AND w.kind = c.kind
            )
            """;
    /** Nobody is in view for so long: what is not decided by then is of a run that was stopped and never went on. */
    private static final String DUE = """
            s.stored_at < ?::timestamptz
                - make_interval(secs => k.seconds + CASE WHEN s.decision IS NULL THEN 86400 ELSE 0 END)
            """;

    private final Database database;
    private final Optional<Duration> most;
    private final Counter sequences;
    private final Counter frames;
    private final Counter dropped;
    private final Rounds rounds = new Rounds(ROUND);

    /** @param most how long anything is kept, empty for ever */
    Retention(Database database, Optional<Duration> most, MeterRegistry registry) {
        this.database = database;
        this.most = most;
        this.sequences = forgotten("sequence", registry);
        this.frames = forgotten("frame", registry);
        this.dropped = forgotten("partition", registry);
    }

    private static Counter forgotten(String what, MeterRegistry registry) {
        return Counter.builder("paseo.retention.forgotten")
                .description("What was kept for as long as it should be, and deleted")
                .tag("what", what)
                .register(registry);
    }

    /** Forgets in rounds until {@link #stop()}. */
    @Override
    public void run() {
        rounds.run(this::round);
    }

    void stop() {
        rounds.stop();
    }

    private void round() {
        try {
            int found = BATCH;
            while (found == BATCH && !rounds.stopped()) {
                found = database.transaction(connection -> forget(connection, Instant.now()));
            }
        } catch (SQLException e) {
            log.warn("what is to be forgotten stays until the next round: {}", e.getMessage());
        }
    }

    /** Forgets a batch; gives the number of sequences in it. */
    int forget(Connection connection, Instant now) throws SQLException {
        boolean alone = Sql.one(connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK);
        if (!alone) {
            return 0;
        }
        int found = forgetSequences(connection, now);
        if (found < BATCH) {
            // First: it knows by its frame whether a face has been stored.
            new OptOuts(connection).sweep();
            int deleted = forgetFrames(connection, now);
            frames.increment(deleted);
        }
        return found;
    }

    private int forgetSequences(Connection connection, Instant now) throws SQLException {
        List<Forgetting.Gone> due = Sql.query(
                connection,
                KEPT + """
                SELECT s.no, s.id
                FROM sequence s JOIN kept k ON k.id = s.session_id
                WHERE %s
                ORDER BY s.stored_at, s.no
                LIMIT ?
                """.formatted(DUE),
                row -> new Forgetting.Gone(row.getLong(1), row.getObject(2, UUID.class)),
                seconds(),
                now.atOffset(ZoneOffset.UTC),
                BATCH);
        if (due.isEmpty()) {
            return 0;
        }
        GalleryLock.takeAlone(connection);
        dropPartitions(connection, now);
        // Whoever was in view may have been decided until nobody could any more.
        Long[] persons = Sql.query(connection, """
                        SELECT DISTINCT coalesce(person, early_person) FROM sequence
                        WHERE no = ANY (?) AND coalesce(person, early_person) IS NOT NULL
                        """, row -> row.getLong(1), (Object)
                        due.stream().map(Forgetting.Gone::no).toArray(Long[]::new))
                .toArray(Long[]::new);
        Forgetting forgetting = new Forgetting(connection);
        forgetting.forget(due);
        UUID[] ids = due.stream().map(Forgetting.Gone::id).toArray(UUID[]::new);
        Sql.update(connection, "UPDATE erased_sequence SET expired = true WHERE id = ANY (?)", (Object) ids);
        new PurgeWishes(connection).keys(ids, PurgeWishes.LATER);
        Long[] emptied = Sql.query(connection, """
                        SELECT p FROM unnest(?::bigint[]) AS of (p)
                        WHERE NOT EXISTS (SELECT 1 FROM sequence WHERE person = p)
                            AND NOT EXISTS (SELECT 1 FROM sequence WHERE early_person = p)
                        """, row -> row.getLong(1), (Object) persons)
                .toArray(Long[]::new);
        forgetting.empty(forgetting.namesOf(emptied));
        // Who has lost some is looked at again, because centre and silhouette are no longer theirs: for that one is
        // enough.
        NeighbourhoodRows.unsettle(connection, 1, persons);
        sequences.increment(due.size());
        return due.size();
    }

    /** Drops partitions of templates that nothing is added to and that hold nothing which is still to be kept. */
    private void dropPartitions(Connection connection, Instant now) throws SQLException {
        for (short pack : PackRows.all(connection)) {
            GalleryPartitions partitions = new GalleryPartitions(connection, pack);
            for (GalleryPartition partition : partitions.sealed()) {
                if (expired(connection, partition, now)) {
                    partitions.drop(partition);
                    dropped.increment();
                }
            }
        }
    }

    /** Of any pack: templates may lie here that are made for a gallery to move to. */
    private boolean expired(Connection connection, GalleryPartition partition, Instant now) throws SQLException {
        return Sql.one(
                connection,
                KEPT + """
                SELECT NOT EXISTS (
                    SELECT FROM sequence s JOIN kept k ON k.id = s.session_id
                    WHERE s.no >= ? AND s.no < ? AND (%s) IS NOT TRUE)
                """.formatted(DUE),
                row -> row.getBoolean(1),
                seconds(),
                partition.first(),
                partition.beyond(),
                now.atOffset(ZoneOffset.UTC));
    }

    /** Numbers of frames grow with time: what is old enough lies before the first one that is not. */
    private int forgetFrames(Connection connection, Instant now) throws SQLException {
        record Session(long id, long before) {}
        List<Session> due = Sql.query(
                connection,
                KEPT + """
                SELECT c.id, coalesce(
                    (SELECT f.number FROM frame f
                     WHERE f.session_id = c.id AND f.ingest_us >= k.before_us ORDER BY f.number LIMIT 1),
                    c.last_frame + 1, 0)
                FROM camera_session c
                JOIN (
                    SELECT id, ((extract(epoch FROM ?::timestamptz) - seconds) * 1000000)::bigint AS before_us FROM kept)
                    AS k ON k.id = c.id
                WHERE k.before_us IS NOT NULL AND EXISTS (SELECT 1 FROM frame WHERE session_id = c.id)
                """,
                row -> new Session(row.getLong(1), row.getLong(2)),
                seconds(),
                now.atOffset(ZoneOffset.UTC));
        int deleted = 0;
        for (Session session : due) {
            Sql.update(connection, """
                    DELETE FROM face f WHERE f.session_id = ? AND f.frame < ? AND NOT EXISTS (
                        SELECT 1 FROM sequence_face m
                        WHERE m.session_id = f.session_id AND m.frame = f.frame AND m.index = f.index)
                    """, session.id(), session.before());
            deleted += Sql.update(connection, """
                    DELETE FROM frame r WHERE r.session_id = ? AND r.number < ? AND NOT EXISTS (
                        SELECT 1 FROM face f WHERE f.session_id = r.session_id AND f.frame = r.number)
                    """, session.id(), session.before());
            List<UUID> keys = Sql.query(
                    connection,
                    """
                    DELETE FROM face_block b WHERE b.session_id = ? AND b.number * %1$d < ?
                        AND NOT EXISTS (SELECT FROM frame r WHERE r.session_id = b.session_id
                            AND r.number >= b.number * %1$d AND r.number < (b.number + 1) * %1$d)
                        AND NOT EXISTS (SELECT FROM face f WHERE f.session_id = b.session_id
                            AND f.frame >= b.number * %1$d AND f.frame < (b.number + 1) * %1$d)
                    RETURNING b.key
                    """.formatted(FaceBlocks.FRAMES),
                    row -> row.getObject(1, UUID.class),
                    session.id(),
                    session.before());
            new PurgeWishes(connection).keys(keys.toArray(UUID[]::new), PurgeWishes.LATER);
        }
        return deleted;
    }

    private @Nullable Long seconds() {
        return most.map(Duration::toSeconds).orElse(null);
    }
}
