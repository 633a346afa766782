package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What a revision by hand asks of the tables, and the table {@code hand_link}, within one transaction. */
final class HandRows {
    private final Connection connection;

    HandRows(Connection connection) {
        this.connection = connection;
    }

    /**
     * A person who has sequences.
     *
     * @param number not merged into another one
     * @param pack that it was created in
     */
    record Living(long number, short pack) {}

    /** Whom a number means by now; empty when it was never given, or that person was erased. */
    Optional<Living> living(long number) throws SQLException {
        return Sql.first(connection, """
                WITH RECURSIVE name AS (
                    SELECT number, merged_into, pack_id, erased_at FROM person WHERE number = ?
                    UNION
                    SELECT p.number, p.merged_into, p.pack_id, p.erased_at FROM person p JOIN name ON p.number = name.merged_into
                )
                SELECT number, pack_id FROM name WHERE merged_into IS NULL AND erased_at IS NULL
                """, row -> new Living(row.getLong(1), row.getShort(2)), number);
    }

    /** Whose a decided sequence is, {@link LedgerEvent#NOBODY} when nobody's; empty where it could be nobody's only. */
    Optional<Living> owner(UUID sequence) throws SQLException {
        return Sql.first(
                connection,
                "SELECT person, pack_id FROM sequence WHERE id = ? AND decision IN ('RECOGNISED', 'NEW', 'UNDECIDED')",
                row -> new Living(row.getLong(1), row.getShort(2)),
                sequence);
    }

    /** Whether nothing is left of sequences that were stored. */
    boolean erased(List<UUID> sequences) throws SQLException {
        return Sql.one(
                connection,
                "SELECT NOT EXISTS (SELECT FROM sequence WHERE id = ANY (?))",
                row -> row.getBoolean(1),
                (Object) sequences.toArray(UUID[]::new));
    }

    /** The pack of a stored sequence. */
    short packOf(UUID sequence) throws SQLException {
        return Sql.one(connection, "SELECT pack_id FROM sequence WHERE id = ?", row -> row.getShort(1), sequence);
    }

    /** All sequences of a person, those in view last: whoever is decided stands for the others in {@link #link}. */
    List<UUID> sequences(long person) throws SQLException {
        return Sql.query(
                connection,
                "SELECT id FROM sequence WHERE person = ? OR early_person = ? ORDER BY decision IS NULL, id",
                row -> row.getObject(1, UUID.class),
                person,
                person);
    }

    /** Those of some sequences that are a person's, finally or not, or {@link LedgerEvent#NOBODY}'s. */
    List<UUID> still(List<UUID> sequences, long person) throws SQLException {
        return Sql.query(
                connection,
                "SELECT id FROM sequence WHERE id = ANY (?) AND coalesce(person, early_person, 0) = ?",
                row -> row.getObject(1, UUID.class),
                sequences.toArray(UUID[]::new),
                person);
    }

    /** Whether any of some sequences shared a frame with any of others. */
    boolean apart(List<UUID> some, List<UUID> others) throws SQLException {
        UUID[] one = some.toArray(UUID[]::new);
        UUID[] other = others.toArray(UUID[]::new);
        SharedFrames.remember(connection, one);
        return Sql.one(connection, """
                SELECT EXISTS (
                    SELECT FROM sequence_conflict
                    WHERE sequence = ANY (?) AND other = ANY (?) OR sequence = ANY (?) AND other = ANY (?))
                """, row -> row.getBoolean(1), one, other, other, one);
    }

    long nextPerson() throws SQLException {
        return Sql.one(connection, "SELECT coalesce(max(number), 0) + 1 FROM person", row -> row.getLong(1));
    }

    /**
     * Says that some sequences and others are one person, or are not, and takes back what was said to the contrary. One
     * of the others stands for all of them.
     */
    void link(List<UUID> sequences, List<UUID> others, boolean together) throws SQLException {
        UUID[] some = sequences.toArray(UUID[]::new);
        UUID[] rest = others.toArray(UUID[]::new);
        Sql.update(connection, """
                DELETE FROM hand_link
                WHERE together <> ?
                    AND (sequence = ANY (?) AND other = ANY (?) OR sequence = ANY (?) AND other = ANY (?))
                """, together, some, rest, rest, some);
        Sql.update(connection, """
                INSERT INTO hand_link (sequence, other, together)
                SELECT least(id, anchor), greatest(id, anchor), ?
                FROM unnest(?::uuid[]) AS s (id), (SELECT ?::uuid AS anchor) AS a
                ON CONFLICT DO NOTHING
                """, together, some, others.get(0));
    }

    /**
     * A sequence that was somebody's while it was in view is somebody else's, or nobody's: what was said to be one
     * person with it was said of whom it has turned out not to be. Or consolidation would take the word for whole
     * persons. A word that parts stays, because it can mix nobody.
     *
     * @param person whose it is now
     */
    void unlink(UUID sequence, OptionalLong person) throws SQLException {
        Sql.update(connection, """
                DELETE FROM hand_link l
                WHERE l.together AND (l.sequence = ? OR l.other = ?) AND NOT EXISTS (
                    SELECT FROM sequence s
                    WHERE s.id IN (l.sequence, l.other) AND s.id <> ? AND coalesce(s.person, s.early_person) = ?)
                """, sequence, sequence, sequence, person);
    }

    /**
     * What was said of sequences that go is from now on said of the latest that is left of the same person: what
     * somebody has said of persons lasts as long as these. Of whom nothing is left, nothing is said any more.
     *
     * @param nos internal numbers of those that go
     * @param ids theirs, too
     */
    void handOn(Long[] nos, UUID[] ids) throws SQLException {
        Sql.update(connection, """
                WITH word AS MATERIALIZED (
                    SELECT l.sequence, l.other, l.together, a.person AS owner, b.person AS owner_of_other
                    FROM hand_link l JOIN sequence a ON a.id = l.sequence JOIN sequence b ON b.id = l.other
                    WHERE l.sequence = ANY (?) OR l.other = ANY (?)
                ), heir AS MATERIALIZED (
                    SELECT p.person, (
                        SELECT s.id FROM sequence s
                        WHERE s.person = p.person AND s.no <> ALL (?) ORDER BY s.no DESC LIMIT 1) AS id
                    FROM (SELECT owner FROM word UNION SELECT owner_of_other FROM word) AS p (person)
                ), kept AS (
                    SELECT w.together,
                        CASE WHEN w.sequence = ANY (?) THEN one.id ELSE w.sequence END AS one,
                        CASE WHEN w.other = ANY (?) THEN another.id ELSE w.other END AS another
                    FROM word w
                    LEFT JOIN heir one ON one.person = w.owner
                    LEFT JOIN heir another ON another.person = w.owner_of_other
                    WHERE w.together OR w.owner IS DISTINCT FROM w.owner_of_other
                )
                INSERT INTO hand_link (sequence, other, together)
                SELECT DISTINCT least(one, another), greatest(one, another), together FROM kept
                WHERE one <> another ORDER BY together
                ON CONFLICT DO NOTHING
                """, ids, ids, nos, ids, ids);
    }

    /**
     * Has consolidation look at persons again: who else should have gone with a sequence is to be seen in all of them.
     * Of a person of whom there is more than one pass takes up, the latest must do, because nobody is decided on
     * meanwhile.
     */
    void unsettle(long one, long other) throws SQLException {
        NeighbourhoodRows.unsettle(connection, NeighbourhoodRows.MOST_CHANGED, one, other);
    }
}
