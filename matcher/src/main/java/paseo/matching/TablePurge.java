package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has no byte of what was erased stay in PostgreSQL's files. A plain {@code VACUUM} gives the room of deleted rows back
 * and leaves in it what was there; only a table that is written anew ({@code VACUUM FULL}) is without. Nobody can use
 * the table meanwhile. Behind the last table the write-ahead log is left behind, too, where the user may do that.
 */
final class TablePurge {
    private static final Logger log = LoggerFactory.getLogger(TablePurge.class);

    /** Written in some four seconds: nobody is stopped for longer unless somebody says so. */
    private static final long SMALL = 512L << 20;

    private static final long LOCK = 0x706173656f000007L;

    /** The oldest transaction that can be seen by anybody, on a standby, too. */
    private static final String SEEN_BY_NOBODY = """
            deleted_in < pg_snapshot_xmin(pg_current_snapshot())
            AND age(deleted_in::xid) > coalesce((
                SELECT max(age(x)) FROM (
                    SELECT backend_xmin FROM pg_stat_activity UNION ALL SELECT xmin FROM pg_replication_slots) AS s (x)
                ), 0)
            """;

    private final Database database;
    private volatile @Nullable Statement running;
    private volatile boolean closing;

    TablePurge(Database database) {
        this.database = database;
    }

    /**
     * What was done.
     *
     * @param written tables that are without what was erased
     * @param waiting whether more are to be written: too large for now, in use, or seen by a transaction that runs
     * @param logLeftBehind whether the write-ahead log holds nothing of it either
     */
    record Done(List<String> written, boolean waiting, boolean logLeftBehind) {
        Done {
            written = List.copyOf(written);
        }
    }

    /** @param bytes null where it has been dropped meanwhile */
    private record Due(String table, @Nullable Long bytes) {
        boolean small() {
            return bytes == null || bytes <= SMALL;
        }
    }

    /** Whether there is anything to do now. */
    static boolean due(Connection connection) throws SQLException {
        return Sql.one(
                connection, "SELECT EXISTS (SELECT FROM table_purge WHERE due <= now())", row -> row.getBoolean(1));
    }

    /** Ends what is being written: the table stays as it was, and is written another time. */
    void stop() {
        closing = true;
        Statement writing = running;
        if (writing != null) {
            try {
                writing.cancel();
            } catch (SQLException e) {
                log.debug("what is being written ends with its connection", e);
            }
        }
    }

    /**
     * Writes anew what is due.
     *
     * @param whatever it costs: large tables, too, and those that are due later
     */
    Done round(boolean whatever) throws SQLException {
        try (Connection connection = database.patient()) {
            if (!Sql.<Boolean>one(connection, "SELECT pg_try_advisory_lock(?)", row -> row.getBoolean(1), LOCK)) {
                return new Done(List.of(), true, false);
            }
            run(connection, "SET lock_timeout = '2s'");
            List<String> written = new ArrayList<>();
            for (Due next : due(connection, whatever)) {
                if (!closing && (whatever || next.small()) && written(connection, next)) {
                    written.add(next.table());
                }
            }
            boolean waiting = due(connection);
            boolean last = !waiting && !closing && (whatever || !written.isEmpty());
            return new Done(written, waiting, last && leftBehind(connection));
        }
    }

    private static List<Due> due(Connection connection, boolean whatever) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT relation, pg_total_relation_size(to_regclass(relation))
                FROM table_purge WHERE SEEN_BY_NOBODY
                GROUP BY relation HAVING min(due) <= now() OR ? ORDER BY relation
                """.replace("SEEN_BY_NOBODY", SEEN_BY_NOBODY),
                row -> {
                    long bytes = row.getLong(2);
                    return new Due(row.getString(1), row.wasNull() ? null : bytes);
                },
                whatever);
    }

    /** One that somebody uses for longer than it can be waited for is written another time. */
    private boolean written(Connection connection, Due next) throws SQLException {
        String name = next.table();
        // Who deleted before now and is seen by nobody now: what is deleted meanwhile is not covered.
        List<String> covered = Sql.query(
                connection,
                "SELECT deleted_in::text FROM table_purge WHERE relation = ? AND " + SEEN_BY_NOBODY,
                row -> row.getString(1),
                name);
        try {
            if (next.bytes() != null) {
                // Searching without it is slower; GalleryKeeper makes it again, while nobody waits.
                run(connection, "DROP INDEX IF EXISTS " + name + "_near");
                run(connection, "VACUUM (FULL) " + name);
            }
        } catch (SQLException e) {
            if (!SqlFaults.passing(e)) {
                throw e;
            }
            log.info("{} is written anew another time: {}", name, e.getMessage());
            return false;
        }
        Sql.update(
                connection,
                "DELETE FROM table_purge WHERE relation = ? AND deleted_in::text = ANY (?)",
                name,
                covered.toArray(String[]::new));
        log.info("{} is written anew, without what was erased", name);
        return true;
    }

    /**
     * Begins a new piece of the log and gives up those before; twice, because the next piece may be an old one that is
     * used again. Needs the right to, and a server that does not use old pieces again ({@code wal_recycle}).
     */
    private boolean leftBehind(Connection connection) throws SQLException {
        boolean may = Sql.one(connection, """
                SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')
                    AND pg_has_role('pg_checkpoint', 'USAGE') AND NOT current_setting('wal_recycle')::boolean
                """, row -> row.getBoolean(1));
        for (int i = 0; may && i < 2; i++) {
            Sql.one(connection, "SELECT pg_switch_wal()::text", row -> row.getString(1));
            run(connection, "CHECKPOINT");
        }
        return may;
    }

    private void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            statement.execute(sql);
        } finally {
            running = null;
        }
    }
}
