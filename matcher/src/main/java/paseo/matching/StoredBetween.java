package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * The numbers of the sequences that were first stored in a stretch of time, both ends included.
 *
 * <p>Numbers and times rise together but for sequences that were stored at once, or while the server's clock was set
 * back: an edge is looked for among so many, rather than at the one that is nearest in time. Of those numbers a few may
 * then have been stored at another time.
 *
 * @param from the least one; {@link Long#MAX_VALUE} if there is none
 * @param to the largest one; {@link Long#MAX_VALUE} for a stretch without end, 0 if there is none
 */
record StoredBetween(long from, long to) {
    /** The least number, or the first parameter; the second one is the time. */
    static final String FROM = "SELECT coalesce(min(no), ?) FROM"
            + " (SELECT no FROM sequence WHERE stored_at >= ? ORDER BY stored_at, no LIMIT 1000) AS edge";

    /** The largest number, or the first parameter; the second one is the time. */
    static final String TO = "SELECT coalesce(max(no), ?) FROM"
            + " (SELECT no FROM sequence WHERE stored_at < ? ORDER BY stored_at DESC, no DESC LIMIT 1000) AS edge";

    /**
     * Looks for them.
     *
     * @param since included; empty for since ever
     * @param until excluded; empty for ever
     */
    static StoredBetween of(Connection connection, Optional<Instant> since, Optional<Instant> until)
            throws SQLException {
        return new StoredBetween(
                edge(connection, FROM, since, 0, Long.MAX_VALUE), edge(connection, TO, until, Long.MAX_VALUE, 0));
    }

    /** Those of the part of a list. */
    static StoredBetween of(Connection connection, ListFilter filter) throws SQLException {
        StoredBetween all = of(connection, filter.since(), filter.until());
        return filter.before() == Long.MAX_VALUE
                ? all
                : new StoredBetween(all.from, Math.min(all.to, filter.before() - 1));
    }

    private static long edge(Connection connection, String sql, Optional<Instant> time, long open, long none)
            throws SQLException {
        return time.isEmpty()
                ? open
                : Sql.one(connection, sql, row -> row.getLong(1), none, Timestamp.from(time.get()));
    }
}
