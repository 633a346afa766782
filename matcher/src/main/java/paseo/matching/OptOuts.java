package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import paseo.events.Template;

/**
 * People of whom nothing is to be kept. What is known of them are vectors without pictures; whoever is recognised as
 * one of them is dropped and counted. In a comparison they are candidates like any other person, with numbers below
 * zero, so that the same thresholds and margins decide.
 */
final class OptOuts {
    /** Of each person at most so many vectors of either kind, the surest sequences and best faces first. */
    private static final int MOST = 60;

    private final Connection connection;

    OptOuts(Connection connection) {
        this.connection = connection;
    }

    /** Whether there is anybody. */
    boolean any() throws SQLException {
        return Sql.one(connection, "SELECT EXISTS (SELECT FROM opted_out)", row -> row.getBoolean(1));
    }

    /** Whether a number in a comparison means one of them. */
    static boolean is(long person) {
        return person < 0;
    }

    /** All of them, with how near they are to a probe. */
    List<Candidate> near(Template probe, short pack) throws SQLException {
        return Sql.query(
                connection,
                """
                WITH probe AS MATERIALIZED (
                    SELECT place, text::halfvec AS embedding
                    FROM unnest(?::text[]) WITH ORDINALITY AS p (text, place)
                )
                SELECT -t.entry AS person,
                       max(-(t.embedding <#> probe.embedding)) FILTER (WHERE NOT t.prototype AND probe.place = 1)
                           AS centre,
                       max(-(t.embedding <#> probe.embedding)) FILTER (WHERE t.prototype AND probe.place > 1)
                           AS prototype
                FROM opted_out_template t CROSS JOIN probe
                WHERE t.pack_id = ? GROUP BY t.entry ORDER BY t.entry
                """,
                row -> new Candidate(
                        row.getLong("person"), row.getDouble("centre"), Sql.optionalDouble(row, "prototype")),
                Vectors.texts(probe),
                pack);
    }

    /**
     * Adds who has these numbers; to be called before they are erased.
     *
     * @return the entry
     */
    long add(Long[] persons) throws SQLException {
        long entry = Sql.one(connection, "INSERT INTO opted_out DEFAULT VALUES RETURNING id", row -> row.getLong(1));
        Sql.update(connection, """
                INSERT INTO opted_out_template (entry, pack_id, prototype, embedding)
                SELECT ?, pack_id, ordinal > 0, embedding
                FROM (
                    SELECT t.*, row_number() OVER (
                        PARTITION BY pack_id, ordinal > 0 ORDER BY coalesce(weight, quality) DESC, sequence_no, ordinal)
                        AS place
                    FROM template t WHERE person = ANY (?)) AS known
                WHERE place <= ?
                """, entry, persons, MOST);
        return entry;
    }

    /** Takes an entry out; whether there was one. */
    boolean remove(long entry) throws SQLException {
        return Sql.update(connection, "DELETE FROM opted_out WHERE id = ?", entry) > 0;
    }

    /** Forgets a closed sequence of one of them, for a transaction that has the gallery alone. */
    void drop(long no, UUID id) throws SQLException {
        Sql.update(connection, """
                INSERT INTO unwanted_face SELECT session_id, frame, index FROM sequence_face WHERE sequence_no = ?
                ON CONFLICT DO NOTHING
                """, no);
        new Forgetting(connection).forget(List.of(new Forgetting.Gone(no, id)));
    }

    /** Deletes faces that were stored after their sequence was dropped; gives their number. */
    int sweep() throws SQLException {
        return Sql.update(connection, """
                WITH stored AS (
                    DELETE FROM unwanted_face u USING frame f
                    WHERE f.session_id = u.session_id AND f.number = u.frame
                    RETURNING u.session_id, u.frame, u.index
                )
                DELETE FROM face f USING stored u
                WHERE f.session_id = u.session_id AND f.frame = u.frame AND f.index = u.index
                """);
    }
}
