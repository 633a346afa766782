package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which partitions of a pack may have lost templates since the last look: those in which PostgreSQL has counted
 * deletions, and those that are gone. Its counters are up to a few seconds late, never for good. One thread at a time.
 */
final class GalleryLosses {
    private Map<Long, Mark> known = new HashMap<>();

    /** Sequences from one number to before another. */
    record Range(long first, long beyond) {
        boolean holds(long sequence) {
            return first <= sequence && sequence < beyond;
        }
    }

    /** @param table its identity: one that is made again is another one */
    private record Mark(long beyond, long table, long deleted) {}

    /**
     * A look.
     *
     * @param ranges that may have lost something since the last one that counts
     */
    record Look(List<Range> ranges, Map<Long, Mark> marks) {}

    /** Counters are read before the rows: what is deleted later is found by the next look. */
    Look look(Connection connection, short pack) throws SQLException {
        Map<Long, Mark> now = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT p.first, p.beyond, c.oid, pg_stat_get_tuples_deleted(c.oid)
                FROM gallery_partition p JOIN pg_catalog.pg_class c
                    ON c.oid = to_regclass('template_' || p.pack_id || '_' || p.first)
                WHERE p.pack_id = ?
                """,
                row -> now.put(row.getLong(1), new Mark(row.getLong(2), row.getLong(3), row.getLong(4))),
                pack);
        List<Range> ranges = new ArrayList<>();
        known.forEach((first, mark) -> {
            if (!mark.equals(now.get(first))) {
                ranges.add(new Range(first, mark.beyond()));
            }
        });
        return new Look(List.copyOf(ranges), now);
    }

    /** From now on only what is lost after that look is of interest. */
    void done(Look look) {
        known = look.marks();
    }
}
