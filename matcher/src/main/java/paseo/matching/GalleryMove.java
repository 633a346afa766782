package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Moves a gallery to another model pack, within one transaction that has the {@link GalleryLock} alone: templates that
 * are ready take the place of those in use. Nobody is merged or split and no decision changes; sequences whose template
 * could not be made anew stay where they are, and persons of whom there is nothing else stay with them.
 */
final class GalleryMove {
    private final Connection connection;
    private final short from;
    private final short to;

    GalleryMove(Connection connection, short from, short to) {
        this.connection = connection;
        this.from = from;
        this.to = to;
    }

    /**
     * What has moved.
     *
     * @param sequences with their templates
     * @param persons who are in the new gallery now and were not
     */
    record Moved(int sequences, int persons) {}

    Moved move() throws SQLException {
        new Gallery(connection, to).lockCreation();
        use();
        remove();
        return new Moved(sequences(), persons());
    }

    /** What misleads in one pack may not in the other, but the ledger says that it was dropped. */
    private void use() throws SQLException {
        Sql.update(connection, """
                UPDATE template n
                SET dropped = n.dropped OR o.dropped,
                    person = CASE WHEN n.dropped OR o.dropped THEN NULL ELSE s.person END
                FROM sequence s, template o
                WHERE n.pack_id = ? AND s.no = n.sequence_no AND s.pack_id = ? AND s.decision IS NOT NULL
                    AND o.pack_id = s.pack_id AND o.sequence_no = n.sequence_no AND o.ordinal = n.ordinal
                """, to, from);
        Sql.update(connection, """
                UPDATE sealed_template n SET dropped = n.dropped | o.dropped
                FROM sequence s, sealed_template o
                WHERE n.pack_id = ? AND s.no = n.sequence_no AND s.pack_id = ? AND s.decision IS NOT NULL
                    AND o.pack_id = s.pack_id AND o.sequence_no = n.sequence_no AND o.dropped <> 0
                """, to, from);
    }

    /** What is deleted would stay in the tables' files, where no later erasure looks for it. */
    private void remove() throws SQLException {
        List<String> tables = Sql.query(
                connection,
                "SELECT DISTINCT tableoid::regclass::text FROM template WHERE pack_id = ?",
                row -> row.getString(1),
                from);
        for (String table : tables) {
            new PurgeWishes(connection).table(table, Duration.ZERO);
        }
        new PurgeWishes(connection).table("person_centre", Duration.ZERO);
        Sql.update(connection, """
                DELETE FROM sealed_template o USING sequence s, sealed_template n
                WHERE o.pack_id = ? AND s.no = o.sequence_no AND s.pack_id = o.pack_id
                    AND n.pack_id = ? AND n.sequence_no = s.no
                """, from, to);
        Sql.update(connection, """
                DELETE FROM template o USING sequence s, template n
                WHERE o.pack_id = ? AND s.no = o.sequence_no AND s.pack_id = o.pack_id
                    AND n.pack_id = ? AND n.sequence_no = s.no AND n.ordinal = 0
                """, from, to);
    }

    private int sequences() throws SQLException {
        return Sql.update(connection, """
                UPDATE sequence s SET pack_id = n.pack_id, decided_pack = coalesce(s.decided_pack, s.pack_id)
                FROM template n
                WHERE s.pack_id = ? AND n.pack_id = ? AND n.sequence_no = s.no AND n.ordinal = 0
                """, from, to);
    }

    /**
     * Everybody moves, whoever has become another name of somebody too, but for those of whom all that there is has
     * stayed. Centres follow from the sequences; silhouettes come back with the passes of consolidation.
     */
    private int persons() throws SQLException {
        int moved = Sql.one(connection, """
                WITH RECURSIVE staying AS (
                    SELECT p.number FROM person p
                    WHERE p.pack_id = ? AND p.merged_into IS NULL
                        AND EXISTS (SELECT FROM sequence s WHERE s.person = p.number OR s.early_person = p.number)
                        AND NOT EXISTS (SELECT FROM sequence s WHERE s.person = p.number AND s.pack_id = ?)
                    UNION
                    SELECT p.number FROM person p JOIN staying ON p.merged_into = staying.number
                ), moved AS (
                    UPDATE person p
                    SET pack_id = ?, silhouette = NULL, nearest = NULL, nearest_similarity = NULL
                    WHERE p.pack_id = ? AND p.number NOT IN (SELECT number FROM staying)
                    RETURNING p.merged_into IS NULL AND p.erased_at IS NULL AS living
                )
                SELECT count(*) FILTER (WHERE living)::integer FROM moved
                """, row -> row.getInt(1), from, to, to, from);
        Sql.update(
                connection,
                "DELETE FROM person_centre c USING person p WHERE p.number = c.person AND p.pack_id = ?",
                to);
        Sql.update(connection, """
                INSERT INTO person_centre (person, centre)
                SELECT s.person, l2_normalize(avg(t.embedding ORDER BY s.id))
                FROM sequence s JOIN template t ON t.sequence_no = s.no AND t.pack_id = s.pack_id
                WHERE s.pack_id = ? AND s.person IS NOT NULL AND s.decision IS NOT NULL AND t.ordinal = 0
                GROUP BY s.person
                """, to);
        Sql.update(connection, """
                UPDATE person p SET nearest = NULL, nearest_similarity = NULL
                FROM person q WHERE q.number = p.nearest AND q.pack_id <> p.pack_id AND p.pack_id = ?
                """, from);
        return moved;
    }
}
