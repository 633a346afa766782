package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Template;

/** Sequences that shared a frame: certainly two people, within one transaction. */
final class CannotLink {
    /** Internal numbers of the sequences that shared a frame with one, whose id is given three times. */
    private static final String APART = """
            SELECT s.no FROM sequence_conflict c JOIN sequence s ON s.id = c.other WHERE c.sequence = ?
            UNION
            SELECT s.no FROM sequence_conflict c JOIN sequence s ON s.id = c.sequence WHERE c.other = ?
            UNION
            SELECT theirs.sequence_no
            FROM sequence s
            JOIN sequence_face ours ON ours.session_id = s.session_id AND ours.sequence_no = s.no
                AND ours.frame BETWEEN s.first_frame AND s.last_frame
            JOIN sequence_face theirs ON theirs.session_id = ours.session_id AND theirs.frame = ours.frame
            WHERE s.id = ? AND theirs.sequence_no <> s.no
            """;

    private final Connection connection;
    private final short pack;

    CannotLink(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /**
     * A sequence that is somebody else's, and whose.
     *
     * @param no its internal number
     * @param person the person that it belongs to
     * @param decided whether that is final
     * @param claim how strong its claim on the person is while it is not: the similarity, or {@link #FOUNDER}
     */
    record Apart(long no, long person, boolean decided, double claim) {
        /** The claim of the sequence that a person was created for: above every similarity. */
        static final double FOUNDER = 2;
    }

    /**
     * The sequences that certainly are somebody else's than this one (I11) and belong to a person, finally or not: they
     * shared a frame with it, according to either sequence's event or to the faces of both.
     */
    List<Apart> apart(UUID sequence) throws SQLException {
        return Sql.query(
                connection, """
                SELECT o.no, coalesce(o.person, o.early_person) AS person, o.decision IS NOT NULL AS decided,
                       CASE WHEN o.early_decision = 'NEW' THEN ? ELSE coalesce(o.similarity, -1) END AS claim
                FROM sequence o JOIN (%s) AS apart ON apart.no = o.no
                WHERE coalesce(o.person, o.early_person) IS NOT NULL
                ORDER BY o.no
                """.formatted(APART), CannotLink::apart, Apart.FOUNDER, sequence, sequence, sequence);
    }

    private static Apart apart(ResultSet row) throws SQLException {
        return new Apart(row.getLong("no"), row.getLong("person"), row.getBoolean("decided"), row.getDouble("claim"));
    }

    /**
     * How similar a decided sequence is to those that certainly are somebody else's, each pair of people once: the
     * pairs that were not known before.
     *
     * @param fewest usable faces that a template must stand for
     */
    List<Double> remember(long sequence, UUID id, Template template, OptionalLong person, int fewest)
            throws SQLException {
        return Sql.query(
                connection,
                """
                WITH probe AS MATERIALIZED (
                    SELECT place, text::halfvec AS embedding
                    FROM unnest(?::text[]) WITH ORDINALITY AS p (text, place)
                ), pair AS (
                    SELECT coalesce(o.person, -o.no) AS somebody,
                           max(-(t.embedding <#> probe.embedding))
                               FILTER (WHERE t.ordinal = 0 AND probe.place = 1) AS centre,
                           max(-(t.embedding <#> probe.embedding))
                               FILTER (WHERE t.ordinal > 0 AND probe.place > 1) AS prototype
                    FROM sequence o
                    JOIN (%s) AS apart ON apart.no = o.no
                    JOIN template t ON t.sequence_no = o.no
                    CROSS JOIN probe
                    WHERE t.pack_id = ? AND o.decision IS NOT NULL AND o.usable >= ?
                    GROUP BY somebody
                )
                INSERT INTO seen_together (pack_id, one, other, similarity)
                SELECT ?, least(somebody, mine.person), greatest(somebody, mine.person),
                       coalesce((centre + prototype) / 2, centre)
                FROM pair, (SELECT ?::bigint AS person) AS mine
                WHERE somebody <> mine.person
                ORDER BY somebody
                ON CONFLICT DO NOTHING
                RETURNING similarity
                """.formatted(APART),
                row -> row.getDouble(1),
                Vectors.texts(template),
                id,
                id,
                id,
                pack,
                fewest,
                pack,
                person.orElse(-sequence));
    }

    /**
     * Pairs that {@link #remember} has ever found.
     *
     * @param pairs all of them
     * @param alike those that reached a similarity
     */
    record Remembered(long pairs, long alike) {}

    /** How many pairs were found, and how many of them are at least so similar. */
    Remembered remembered(double similarity) throws SQLException {
        return Sql.one(
                connection,
                "SELECT count(*), count(*) FILTER (WHERE similarity >= ?) FROM seen_together WHERE pack_id = ?",
                row -> new Remembered(row.getLong(1), row.getLong(2)),
                similarity,
                pack);
    }
}
