package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/**
 * Which partitions a pack's templates lie in, within one transaction. The one being written to has no index by
 * similarity; one that is left behind gets it from {@link GalleryKeeper}.
 */
final class GalleryPartitions {
    /**
     * Numbers of sequences in a partition: with a centre and up to five prototypes each at most 49,152 vectors, which
     * are read whole in some ten milliseconds and indexed in a minute or two. V7 knows the number, too.
     */
    static final long WIDTH = 8_192;

    private final Connection connection;
    private final short pack;

    GalleryPartitions(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /** All of the pack, the oldest first. */
    List<GalleryPartition> all() throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT p.first, p.beyond, m.dimension, coalesce(i.indisvalid, false) AS indexed
                FROM gallery_partition p JOIN model_pack m ON m.id = p.pack_id
                LEFT JOIN pg_catalog.pg_index i
                    ON i.indexrelid = to_regclass('template_' || p.pack_id || '_' || p.first || '_near')
                WHERE p.pack_id = ? ORDER BY p.first
                """,
                row -> new GalleryPartition(
                        pack,
                        row.getLong("first"),
                        row.getLong("beyond"),
                        row.getInt("dimension"),
                        row.getBoolean("indexed")),
                pack);
    }

    /** Makes sure that the templates of a sequence have somewhere to go. */
    void ensure(long sequence) throws SQLException {
        boolean there = Sql.one(
                connection,
                "SELECT EXISTS (SELECT FROM gallery_partition WHERE pack_id = ? AND first <= ? AND beyond > ?)",
                row -> row.getBoolean(1),
                pack,
                sequence,
                sequence);
        if (!there) {
            make(sequence / WIDTH * WIDTH);
        }
    }

    /** Makes a partition, unless somebody else does at the same time. */
    private void make(long first) throws SQLException {
        String table = table(first);
        String all = PackRows.table(pack);
        int mine = Sql.update(
                connection,
                "INSERT INTO gallery_partition VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                pack,
                first,
                first + WIDTH);
        if (mine == 1) {
            // In no copy of the database, see GalleryFill. Made by itself and then attached: to create it as a
            // partition would wait for, and stop, every reader.
            Sql.update(connection, "CREATE UNLOGGED TABLE " + table + " (LIKE " + all + " INCLUDING ALL)");
            // Statistics would hold some of the values.
            Sql.update(connection, "ALTER TABLE " + table + " ALTER COLUMN embedding SET STATISTICS 0");
            Sql.update(
                    connection,
                    "ALTER TABLE " + all + " ATTACH PARTITION " + table + " FOR VALUES FROM (" + first + ") TO ("
                            + (first + WIDTH) + ")");
        }
    }

    /** The number that the latest sequence was given: what lies before it has been left behind. */
    static long latest(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT last_value FROM sequence_no_seq", row -> row.getLong(1));
    }

    /** Makes the next partition before it is needed, once the latest one of a pack in use is three quarters full. */
    void ahead() throws SQLException {
        long latest = latest(connection);
        boolean used = Sql.one(connection, """
                SELECT EXISTS (SELECT FROM template WHERE pack_id = ? AND sequence_no > ?)
                """, row -> row.getBoolean(1), pack, latest - WIDTH / 4);
        if (used) {
            ensure(latest + WIDTH / 4);
        }
    }

    /** Those that no new sequence comes to, the oldest first. */
    List<GalleryPartition> sealed() throws SQLException {
        long latest = latest(connection);
        return all().stream().filter(partition -> partition.beyond() <= latest).toList();
    }

    /**
     * Drops a partition with all that is in it, unless somebody reads it for more than a moment, as a dump does:
     * whoever waits for them keeps everybody else from it. To be the last thing in a transaction, since no lock is
     * waited for any longer then. A moment is more than {@code deadlock_timeout}, after which an autovacuum gives way.
     *
     * @param first lowest number of a sequence in it
     * @return whether it is gone
     */
    boolean drop(long first) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Sql.update(connection, "SET LOCAL lock_timeout = '2s'");
            Sql.update(connection, "DELETE FROM gallery_partition WHERE pack_id = ? AND first = ?", pack, first);
            Sql.update(connection, "DROP TABLE " + table(first));
            return true;
        } catch (SQLException e) {
            if (!SqlFaults.lockNotGot(e)) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    private String table(long first) {
        return "template_" + pack + "_" + first;
    }
}
