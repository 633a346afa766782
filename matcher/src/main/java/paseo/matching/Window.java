package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who was seen, newest first, in parts: persons, sightings, faces; and how much there is. The order is that in which
 * sequences were first stored, which files and cameras have in common; each list is walked along an index, so that a
 * part costs the same wherever it begins. Rows are JSON objects as the API's document describes them.
 */
public final class Window {
    /** Members of a sighting. Times are seconds: of a file from its start, of a camera since 1970. */
    static final String SIGHTING = """
            s.id AS "sequence", s.person AS "person", s.decision AS "decision", s.decided_person AS "decidedPerson",
            c.camera AS "camera", c.epoch AS "epoch", coalesce(c.source, c.camera) AS "source",
            lower(coalesce(c.kind::text, 'FILE')) AS "kind",
            s.first_us / 1e6::float8 AS "startSeconds", s.last_us / 1e6::float8 AS "endSeconds",
            s.faces AS "faces", s.usable AS "usable", s.similarity AS "similarity", s.runner_up AS "runnerUp",
            s.threshold AS "threshold", s.gallery_size AS "gallerySize", s.calibration AS "calibration",
            s.identified_us / 1e6::float8 AS "identifiedSeconds", s.stored_at AS "storedAt",
            (SELECT count(*)::integer FROM template t
             WHERE t.pack_id = s.pack_id AND t.sequence_no = s.no AND t.ordinal > 0) AS "shots"
            """;

    private static final String WATCHED =
            "p.number IN (SELECT w.person FROM (" + ReviewList.WATCHED + ") AS w) AS \"watched\"\n";

    private static final String PERSON = """
            p.number AS "person",
            (SELECT count(*)::integer FROM sequence n WHERE n.person = p.number) AS "sequences",
            c.camera AS "camera", coalesce(c.source, c.camera) AS "source",
            lower(coalesce(c.kind::text, 'FILE')) AS "kind",
            s.first_us / 1e6::float8 AS "startSeconds", s.last_us / 1e6::float8 AS "endSeconds",
            s.stored_at AS "storedAt", s.id AS "sequence", p.silhouette AS "silhouette",
            """ + WATCHED;

    /** For so long, how much there is is not counted again. */
    private static final long COUNTED_NANOS = Duration.ofSeconds(30).toNanos();

    private final Database database;
    private Map<String, @Nullable Object> counts = Map.of();
    private long counted;

    Window(Database database) {
        this.database = database;
    }

    /** Of everybody, the latest sequence. */
    private static final String EVERYBODY =
            "SELECT l.no, l.person FROM latest_sequence l WHERE l.no BETWEEN ? AND ? ORDER BY l.no DESC LIMIT ?";

    /** Of everybody, the latest sequence up to a time: the later ones of each are passed over. */
    private static final String UP_TO = """
            SELECT s.no, s.person FROM sequence s
            WHERE s.person IS NOT NULL AND s.no BETWEEN ? AND ?
                AND s.no = (SELECT max(n.no) FROM sequence n WHERE n.person = s.person AND n.no <= ?)
            ORDER BY s.no DESC LIMIT ?
            """;

    /** The same at one camera. */
    private static final String AT_CAMERA = """
            SELECT s.no, s.person
            FROM camera_session c CROSS JOIN LATERAL (
                SELECT o.no, o.person FROM sequence o
                WHERE o.session_id = c.id AND o.person IS NOT NULL AND o.no BETWEEN ? AND ?
                    AND NOT EXISTS (
                        SELECT FROM sequence n JOIN camera_session d ON d.id = n.session_id
                        WHERE n.person = o.person AND n.no > o.no AND n.no <= ? AND d.camera = c.camera)
                ORDER BY o.no DESC LIMIT ?) AS s
            WHERE c.camera = ? ORDER BY s.no DESC LIMIT ?
            """;

    /** Everybody, who was seen last first; of a camera: who was seen last there. */
    public Page persons(ListFilter filter) {
        StoredBetween bounds = bounds(filter);
        int most = filter.most() + 1;
        if (filter.camera().isEmpty() && filter.until().isEmpty()) {
            return persons(filter, EVERYBODY, bounds.from(), bounds.to(), most);
        }
        // The latest of the whole filter, not of this part: until, but not before.
        long latest = bounds(new ListFilter(filter.camera(), filter.since(), filter.until(), Long.MAX_VALUE, 1))
                .to();
        return filter.camera().isEmpty()
                ? persons(filter, UP_TO, bounds.from(), bounds.to(), latest, most)
                : persons(
                        filter,
                        AT_CAMERA,
                        bounds.from(),
                        bounds.to(),
                        latest,
                        most,
                        filter.camera().get(),
                        most);
    }

    private Page persons(ListFilter filter, String walk, Object... parameters) {
        return JsonRow.page(
                database, "SELECT s.no AS key, " + PERSON + " FROM (" + walk + """
                ) AS hit
                JOIN sequence s ON s.no = hit.no
                JOIN person p ON p.number = hit.person
                JOIN camera_session c ON c.id = s.session_id
                ORDER BY s.no DESC
                """, filter.most(), parameters);
    }

    private StoredBetween bounds(ListFilter filter) {
        return database.asked("read from the database", connection -> StoredBetween.of(connection, filter));
    }

    /**
     * Whom a number means by now, in full; empty when it means nobody who is stored. Somebody new who is still in view
     * has a number already, and no sequences yet.
     */
    public Optional<Map<String, @Nullable Object>> person(long number) {
        return database.asked(
                "read from the database",
                connection -> Sql.first(connection, """
                        WITH RECURSIVE name AS (
                            SELECT number, merged_into FROM person WHERE number = ?
                            UNION SELECT p.number, p.merged_into FROM person p JOIN name ON p.number = name.merged_into
                        )
                        SELECT p.number AS "person", total.sequences AS "sequences", total.faces AS "faces",
                            coalesce(total.cameras, '{}') AS "cameras", p.silhouette AS "silhouette",
                            p.nearest AS "nearest", p.nearest_similarity AS "nearestSimilarity",
                            ARRAY(SELECT number FROM person m WHERE m.merged_into = p.number ORDER BY number)
                                AS "alsoKnownAs",
                        """ + WATCHED + """
                        FROM name JOIN person p ON p.number = name.number
                        CROSS JOIN LATERAL (
                            SELECT count(*)::integer AS sequences, coalesce(sum(s.faces), 0) AS faces,
                                array_agg(DISTINCT c.camera) AS cameras
                            FROM sequence s JOIN camera_session c ON c.id = s.session_id
                            WHERE s.person = p.number) AS total
                        WHERE name.merged_into IS NULL AND (
                            total.sequences > 0
                            OR p.erased_at IS NULL AND EXISTS (SELECT FROM sequence v WHERE v.early_person = p.number))
                        """, JsonRow::of, number));
    }

    /** Whom a number means by now; the number itself where it means nobody. */
    static long meant(Connection connection, long number) throws SQLException {
        return new HandRows(connection)
                .living(number)
                .map(HandRows.Living::number)
                .orElse(number);
    }

    /**
     * Decided sequences.
     *
     * @param person only theirs, also by a number that was merged
     */
    public Page sightings(ListFilter filter, OptionalLong person) {
        StoredBetween bounds = bounds(filter);
        List<@Nullable Object> parameters = new ArrayList<>(List.of(bounds.from(), bounds.to()));
        String condition = "s.decision IS NOT NULL AND s.no BETWEEN ? AND ?";
        if (person.isPresent()) {
            condition += " AND s.person = ?";
            parameters.add(
                    database.asked("read from the database", connection -> meant(connection, person.getAsLong())));
        }
        String walk = "SELECT s.no FROM sequence s WHERE " + condition + " ORDER BY s.no DESC LIMIT ?";
        parameters.add(filter.most() + 1);
        if (filter.camera().isPresent()) {
            walk = "SELECT w.no FROM camera_session c CROSS JOIN LATERAL (SELECT s.no FROM sequence s"
                    + " WHERE s.session_id = c.id AND " + condition
                    + " ORDER BY s.no DESC LIMIT ?) AS w WHERE c.camera = ? ORDER BY w.no DESC LIMIT ?";
            parameters.add(filter.camera().get());
            parameters.add(filter.most() + 1);
        }
        return JsonRow.page(
                database,
                "SELECT s.no AS key, " + SIGHTING + " FROM (" + walk
                        + ") AS hit JOIN sequence s ON s.no = hit.no JOIN camera_session c ON c.id = s.session_id"
                        + " ORDER BY s.no DESC",
                filter.most(),
                parameters.toArray());
    }

    /** One sequence, also while it is in view; then its person is provisional. */
    public Optional<Map<String, @Nullable Object>> sequence(UUID id) {
        return database.asked("read from the database", connection -> {
            GalleryFill.require(connection);
            Optional<Map<String, @Nullable Object>> found =
                    Sql.first(connection, "SELECT " + SIGHTING + """
                            , s.early_person AS "earlyPerson", lower(s.phase::text) AS "phase"
                            FROM sequence s JOIN camera_session c ON c.id = s.session_id WHERE s.id = ?
                            """, JsonRow::of, id);
            if (found.isPresent()) {
                found.get().put("bestShots", Sql.query(connection, """
                        SELECT t.ordinal AS "ordinal", t.quality AS "quality", t.yaw AS "yaw", t.pitch AS "pitch",
                            t.roll AS "roll", t.frame AS "frame", t.capture_us / 1e6::float8 AS "seconds"
                        FROM template t JOIN sequence s ON s.no = t.sequence_no AND s.pack_id = t.pack_id
                        WHERE s.id = ? AND t.ordinal > 0 ORDER BY t.ordinal
                        """, JsonRow::of, id));
            }
            return found;
        });
    }

    /** Faces of a sequence in the order of frames. */
    public Page faces(UUID sequence, long after, int most) {
        return JsonRow.page(database, """
                SELECT f.frame::bigint AS key, f.frame AS "frame", f.index AS "index", f.usability AS "usability",
                    ARRAY[f.x, f.y, f.width, f.height] AS "box", f.score AS "score", f.quality AS "quality",
                    f.yaw AS "yaw", f.pitch AS "pitch", f.roll AS "roll", r.capture_us / 1e6::float8 AS "seconds"
                FROM sequence s
                JOIN sequence_face m ON m.sequence_no = s.no AND m.session_id = s.session_id
                    AND m.frame BETWEEN s.first_frame AND s.last_frame
                JOIN face f ON f.session_id = m.session_id AND f.frame = m.frame AND f.index = m.index
                JOIN frame r ON r.session_id = f.session_id AND r.number = f.frame
                WHERE s.id = ? AND f.frame > ? ORDER BY f.frame LIMIT ?
                """, most, sequence, after, most + 1);
    }

    /** The aligned face of a best shot, a JPEG; the best of a sequence is 1. */
    public Optional<byte[]> shot(UUID sequence, int ordinal) {
        return database.asked("read from the database", connection -> {
            List<Long> numbers =
                    Sql.query(connection, "SELECT no FROM sequence WHERE id = ?", row -> row.getLong(1), sequence);
            return new SealedRows(connection)
                    .pictures(database.keys(), numbers).values().stream()
                            .flatMap(shots -> Optional.ofNullable(shots.get(ordinal)).stream())
                            .map(SealedRows::bytes)
                            .findFirst();
        });
    }

    /** How much there is, or was half a minute ago: each page asks, and counting sequences reads all of them. */
    public Map<String, @Nullable Object> system() {
        return new LinkedHashMap<>(counts());
    }

    /** Whoever comes while it is counted waits for that, instead of counting, too. */
    private synchronized Map<String, @Nullable Object> counts() {
        if (counts.isEmpty() || System.nanoTime() - counted > COUNTED_NANOS) {
            counts = count();
            counted = System.nanoTime();
        }
        return counts;
    }

    private Map<String, @Nullable Object> count() {
        return database.asked("read from the database", connection -> {
            Map<String, @Nullable Object> system = new LinkedHashMap<>(Sql.one(connection, """
                    SELECT (SELECT count(*) FROM camera_session) AS "sessions",
                        (SELECT coalesce(sum(frames), 0) FROM camera_session)::bigint AS "frames",
                        (SELECT coalesce(sum(frames_dropped), 0) FROM camera_session)::bigint AS "framesDropped",
                        (SELECT coalesce(sum(faces), 0) FROM camera_session)::bigint AS "faces",
                        (SELECT count(*) FROM sequence WHERE decision IS NOT NULL) AS "sequences",
                        (SELECT count(*) FROM sequence WHERE decision = 'UNDECIDED' AND person IS NULL) AS "undecided",
                        (SELECT count(*) FROM person WHERE merged_into IS NULL AND first_sequence IS NOT NULL)
                            AS "persons",
                        (SELECT count(*) FROM ledger) AS "revisions",
                        (SELECT count(*) FROM sighting_outbox) + (SELECT count(*) FROM person_outbox)
                            + (SELECT count(*) FROM tombstone_outbox) AS "unpublished",
                        pg_database_size(current_database()) AS "databaseBytes"
                    """, JsonRow::of));
            system.put(
                    "modelPacks",
                    Sql.query(connection, "SELECT name FROM model_pack ORDER BY id", row -> row.getString(1)));
            return system;
        });
    }
}
