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
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what has been kept for long enough: as long as the camera wishes, and never longer than the matcher allows.
 * Time counts from when something was taken in, for files, too. Sequences go with all that hangs on them, then faces
 * and frames that belong to no sequence; a person of whom nothing is left leaves an empty number. A partition of
 * templates goes whole once all in it is to be forgotten. One matcher of a deployment does it at a time, in many
 * transactions, so that what has been done stays done.
 */
final class Retention implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final int BATCH = 200;
    /** Numbers of frames at a time: with their faces some seconds. */
    private static final int FRAMES = 50_000;

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
        forget(Instant.now());
    }

    /**
     * Forgets what is due. What cannot be done now is tried again in the next round, and does not keep the rest from
     * it.
     *
     * @return how many sequences
     */
    int forget(Instant now) {
        OptionalInt swept = part(this::sweep);
        part(() -> dropPartitions(now));
        OptionalInt found = part(() -> forgetSequences(now));
        // Only then: it knows by its frame whether a face has been stored.
        if (swept.isPresent()) {
            part(() -> forgetFrames(now));
        }
        return found.orElse(0);
    }

    /** What a round does, in transactions of its own; gives how much it has found. */
    @FunctionalInterface
    private interface Part {
        int forget() throws SQLException;
    }

    private static OptionalInt part(Part part) {
        try {
            return OptionalInt.of(part.forget());
        } catch (SQLException e) {
            log.warn("what is to be forgotten stays until the next round: {}", e.getMessage());
            return OptionalInt.empty();
        }
    }

    /** In a transaction; nothing where another matcher is at it, which does all that there is. */
    private OptionalInt alone(Database.Work<Integer> work) throws SQLException {
        return database.transaction(connection -> {
            boolean alone = Sql.one(connection, "SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK);
            return alone ? OptionalInt.of(work.in(connection)) : OptionalInt.empty();
        });
    }

    private int sweep() throws SQLException {
        return alone(connection -> new OptOuts(connection).sweep()).orElse(0);
    }

    private int forgetSequences(Instant now) throws SQLException {
        int all = 0;
        int found = BATCH;
        while (found == BATCH && !rounds.stopped()) {
            found = alone(connection -> forgetSequences(connection, now)).orElse(0);
            sequences.increment(found);
            all += found;
        }
        return all;
    }

    /**
     * Some that are to be forgotten, of each session the oldest. What is too young for its session's wish is not read,
     * nor anything of one that has none: some may be kept for ever, and that is much.
     */
    List<Forgetting.Gone> due(Connection connection, Instant now) throws SQLException {
        return Sql.query(
                connection,
                KEPT + """
                SELECT d.no, d.id
                FROM (SELECT id, seconds FROM kept WHERE seconds IS NOT NULL ORDER BY id) AS k CROSS JOIN LATERAL (
                    SELECT s.no, s.id FROM sequence s
                    WHERE s.session_id = k.id AND s.stored_at < ?::timestamptz - make_interval(secs => k.seconds)
                        AND %s
                    ORDER BY s.stored_at, s.no LIMIT ?) AS d
                LIMIT ?
                """.formatted(DUE),
                row -> new Forgetting.Gone(row.getLong(1), row.getObject(2, UUID.class)),
                seconds(),
                now.atOffset(ZoneOffset.UTC),
                now.atOffset(ZoneOffset.UTC),
                BATCH,
                BATCH);
    }

    private int forgetSequences(Connection connection, Instant now) throws SQLException {
        List<Forgetting.Gone> due = due(connection, now);
        if (due.isEmpty()) {
            return 0;
        }
        GalleryLock.takeAlone(connection);
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
        return due.size();
    }

    /** A partition of the templates of a pack. */
    private record Expired(short pack, long first) {}

    /**
     * Drops partitions of templates that nothing is added to and that hold nothing which is still to be kept. Behind
     * the first one that somebody is reading the others wait, too: whoever reads one mostly reads all.
     */
    private int dropPartitions(Instant now) throws SQLException {
        int all = alone(connection -> {
                    // Everybody is kept waiting only where there are any.
                    if (expired(connection, now).isEmpty()) {
                        return 0;
                    }
                    GalleryLock.takeAlone(connection);
                    int gone = 0;
                    for (Expired partition : expired(connection, now)) {
                        if (!new GalleryPartitions(connection, partition.pack()).drop(partition.first())) {
                            break;
                        }
                        gone++;
                    }
                    return gone;
                })
                .orElse(0);
        dropped.increment(all);
        return all;
    }

    /** Of any pack: templates may lie here that are made for a gallery to move to. Mostly one row tells. */
    private List<Expired> expired(Connection connection, Instant now) throws SQLException {
        return Sql.query(
                connection,
                KEPT + """
                SELECT p.pack_id, p.first
                FROM gallery_partition p LEFT JOIN LATERAL (
                    SELECT true AS found FROM sequence s JOIN kept k ON k.id = s.session_id
                    WHERE s.no >= p.first AND s.no < p.beyond AND (%s) IS NOT TRUE LIMIT 1) AS staying ON true
                WHERE p.beyond <= ? AND staying.found IS NULL
                ORDER BY p.first, p.pack_id
                """.formatted(DUE),
                row -> new Expired(row.getShort(1), row.getLong(2)),
                seconds(),
                now.atOffset(ZoneOffset.UTC),
                GalleryPartitions.latest(connection));
    }

    /** A session that has frames from before then, in microseconds since 1970. */
    private record Session(long id, long before) {}

    /** Frames of a session from one number to before another. */
    private record Range(long session, long first, long beyond) {}

    private int forgetFrames(Instant now) throws SQLException {
        int all = 0;
        for (Session session : database.transaction(connection -> sessions(connection, now))) {
            Optional<Range> next = next(session, 0);
            while (next.isPresent() && !rounds.stopped()) {
                Range range = next.get();
                OptionalInt deleted = alone(connection -> forgetFrames(connection, range));
                if (deleted.isEmpty()) {
                    return all;
                }
                frames.increment(deleted.getAsInt());
                all += deleted.getAsInt();
                next = next(session, range.beyond());
            }
        }
        return all;
    }

    /** Those whose first frame is to be forgotten. */
    private List<Session> sessions(Connection connection, Instant now) throws SQLException {
        return Sql.query(
                connection,
                KEPT + """
                SELECT k.id, k.before_us
                FROM (
                    SELECT id, ((extract(epoch FROM ?::timestamptz) - seconds) * 1000000)::bigint AS before_us
                    FROM kept WHERE seconds IS NOT NULL) AS k
                CROSS JOIN LATERAL (
                    SELECT ingest_us FROM frame WHERE session_id = k.id ORDER BY number LIMIT 1) AS oldest
                WHERE oldest.ingest_us < k.before_us
                ORDER BY k.id
                """,
                row -> new Session(row.getLong(1), row.getLong(2)),
                seconds(),
                now.atOffset(ZoneOffset.UTC));
    }

    /**
     * Numbers of frames grow with time: what is old enough lies before the first one that is not, and never behind
     * those that are there. What is stored from now on is young.
     */
    private Optional<Range> next(Session session, long from) throws SQLException {
        return database.transaction(connection -> Sql.first(
                connection,
                """
                SELECT first, beyond
                FROM (SELECT min(number)::bigint AS first FROM frame WHERE session_id = ? AND number >= ?) AS here,
                LATERAL (
                    SELECT coalesce(
                        min(number),
                        least(first + ?, (SELECT max(number) + 1 FROM frame WHERE session_id = ?))) AS beyond FROM frame
                    WHERE session_id = ? AND number >= first AND number < first + ? AND ingest_us >= ?) AS young
                WHERE beyond > first
                """,
                row -> new Range(session.id(), row.getLong(1), row.getLong(2)),
                session.id(),
                from,
                FRAMES,
                session.id(),
                session.id(),
                FRAMES,
                session.before()));
    }

    private static int forgetFrames(Connection connection, Range range) throws SQLException {
        Sql.update(connection, """
                DELETE FROM face f WHERE f.session_id = ? AND f.frame >= ? AND f.frame < ? AND NOT EXISTS (
                    SELECT 1 FROM sequence_face m
                    WHERE m.session_id = f.session_id AND m.frame = f.frame AND m.index = f.index)
                """, range.session(), range.first(), range.beyond());
        int deleted = Sql.update(connection, """
                DELETE FROM frame r WHERE r.session_id = ? AND r.number >= ? AND r.number < ? AND NOT EXISTS (
                    SELECT 1 FROM face f WHERE f.session_id = r.session_id AND f.frame = r.number)
                """, range.session(), range.first(), range.beyond());
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
                range.session(),
                range.beyond());
        new PurgeWishes(connection).keys(keys.toArray(UUID[]::new), PurgeWishes.LATER);
        return deleted;
    }

    private @Nullable Long seconds() {
        return most.map(Duration::toSeconds).orElse(null);
    }
}
