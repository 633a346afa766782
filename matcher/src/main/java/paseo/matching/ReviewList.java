package paseo.matching;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What somebody might look at and decide: undecided sequences, persons that may be one; and the watch list. */
public final class ReviewList {
    /** Persons less alike than this are not proposed as one; well below any threshold of a calibration. */
    private static final double LEAST_SIMILARITY = 0.35;

    /**
     * Entries of the watch list and whom each means by now: a merge keeps the watch, and one that is taken back leaves
     * it where it was.
     */
    static final String WATCHED = """
            WITH RECURSIVE name AS (
                SELECT w.person AS entry, w.since, p.number, p.merged_into
                FROM watched_person w JOIN person p ON p.number = w.person
                UNION
                SELECT n.entry, n.since, p.number, p.merged_into
                FROM name n JOIN person p ON p.number = n.merged_into
            )
            SELECT entry, since, number AS person FROM name WHERE merged_into IS NULL
            """;

    private final Database database;

    ReviewList(Database database) {
        this.database = database;
    }

    /** Sequences that are nobody's though they have usable faces, newest first. */
    public Page undecided(long before, int most) {
        return JsonRow.page(database, """
                SELECT s.no AS key, s.id AS "sequence", c.camera AS "camera",
                    coalesce(c.source, c.camera) AS "source", lower(coalesce(c.kind::text, 'FILE')) AS "kind",
                    s.first_us / 1e6::float8 AS "startSeconds", s.last_us / 1e6::float8 AS "endSeconds",
                    s.faces AS "faces", s.usable AS "usable", s.similarity AS "similarity",
                    s.threshold AS "threshold", s.stored_at AS "storedAt",
                    (SELECT count(*)::integer FROM template o
                     WHERE o.pack_id = s.pack_id AND o.sequence_no = s.no AND o.ordinal > 0) AS "shots"
                FROM (
                    SELECT * FROM sequence WHERE decision = 'UNDECIDED' AND person IS NULL AND no < ?
                    ORDER BY no DESC LIMIT ?) AS s
                JOIN camera_session c ON c.id = s.session_id
                ORDER BY s.no DESC
                """, most, before, most + 1);
    }

    /** Pairs of persons who look alike, the most similar first, but for those of whom it is known that they are two. */
    public List<Map<String, @Nullable Object>> proposals(int most) {
        return database.asked(
                "read from the database",
                connection -> Sql.query(connection, """
                        SELECT p.number AS "person", p.nearest AS "other", p.nearest_similarity AS "similarity",
                            (SELECT s.id FROM sequence s WHERE s.person = p.number ORDER BY s.no DESC LIMIT 1)
                                AS "personSequence",
                            (SELECT s.id FROM sequence s WHERE s.person = p.nearest ORDER BY s.no DESC LIMIT 1)
                                AS "otherSequence"
                        FROM person p JOIN person q ON q.number = p.nearest
                        WHERE p.nearest IS NOT NULL AND p.merged_into IS NULL AND q.merged_into IS NULL
                            AND p.nearest_similarity >= ?
                            AND (p.number < p.nearest OR q.nearest IS DISTINCT FROM p.number)
                            AND NOT EXISTS (
                                SELECT FROM sequence a
                                JOIN (SELECT sequence, other FROM sequence_conflict
                                      UNION ALL SELECT other, sequence FROM sequence_conflict
                                      UNION ALL SELECT sequence, other FROM hand_link WHERE NOT together
                                      UNION ALL SELECT other, sequence FROM hand_link WHERE NOT together) AS l
                                    ON l.sequence = a.id
                                JOIN sequence b ON b.id = l.other
                                WHERE a.person = p.number AND b.person = p.nearest)
                        ORDER BY p.nearest_similarity DESC, p.number LIMIT ?
                        """, JsonRow::of, LEAST_SIMILARITY, most));
    }

    /** Who is watched for by now, oldest entry first. */
    public List<Map<String, @Nullable Object>> watched() {
        return database.asked(
                "read from the database", connection -> Sql.query(connection, """
                        SELECT w.person AS "person", min(w.since) AS "since",
                            (SELECT s.id FROM sequence s WHERE s.person = w.person ORDER BY s.no DESC LIMIT 1)
                                AS "sequence"
                        FROM (""" + WATCHED + """
                        ) AS w GROUP BY w.person ORDER BY min(w.since), w.person
                        """, JsonRow::of));
    }

    /** Puts somebody on the watch list; false when there is no such person. */
    public boolean watch(long person, String actor) {
        return database.asked("change the watch list", connection -> {
            OptionalLong living = new HandRows(connection)
                    .living(person)
                    .map(found -> OptionalLong.of(found.number()))
                    .orElse(OptionalLong.empty());
            if (living.isEmpty()) {
                return false;
            }
            Sql.update(connection, "INSERT INTO watched_person (person) VALUES (?) ON CONFLICT DO NOTHING", living);
            AuditTrail.append(connection, actor, "watch", "person " + living.getAsLong(), "on the watch list");
            return true;
        });
    }

    /** Takes somebody off the watch list, by whichever of their numbers they are on it; false when they are not. */
    public boolean unwatch(long person, String actor) {
        return database.asked("change the watch list", connection -> {
            long meant = Window.meant(connection, person);
            boolean there = Sql.update(
                            connection,
                            "DELETE FROM watched_person WHERE person IN (SELECT w.entry FROM (" + WATCHED
                                    + ") AS w WHERE w.person = ?)",
                            meant)
                    > 0;
            if (there) {
                AuditTrail.append(connection, actor, "unwatch", "person " + meant, "off the watch list");
            }
            return there;
        });
    }
}
