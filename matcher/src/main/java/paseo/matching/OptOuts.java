package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
        boolean there = Sql.update(connection, "DELETE FROM opted_out WHERE id = ?", entry) > 0;
        if (there) {
            new PurgeWishes(connection).table("opted_out_template", Duration.ZERO);
        }
        return there;
    }

    /** Forgets a closed sequence of one of them, for a transaction that has the gallery alone. */
    void drop(long no, UUID id) throws SQLException {
        List<Forgetting.Gone> gone = List.of(new Forgetting.Gone(no, id));
        new PurgeWishes(connection).sequences(gone, PurgeWishes.LATER);
        Forgetting forgetting = new Forgetting(connection);
        forgetting.refuse(gone);
        forgetting.forget(gone);
    }

    /**
     * Deletes faces that were stored after their sequence was forgotten; gives their number. A file that was stopped
     * may bring them once more.
     */
    int sweep() throws SQLException {
        int deleted = Sql.update(connection, """
                DELETE FROM face f USING unwanted_face u
                WHERE f.session_id = u.session_id AND f.frame = u.frame AND f.index = u.index
                """);
        if (deleted > 0) {
            PurgeWishes wishes = new PurgeWishes(connection);
            wishes.table("face", PurgeWishes.LATER);
            wishes.topics(PurgeWishes.LATER);
        }
        Sql.update(connection, """
                DELETE FROM unwanted_face u USING frame f, camera_session c
                WHERE f.session_id = u.session_id AND f.number = u.frame AND c.id = u.session_id
                    AND NOT (c.kind = 'FILE' AND c.faces_complete IS NULL)
                """);
        return deleted;
    }
}
