package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Who may change whose sequences are. Transactions that decide share it; one that revises has it alone: what it has
 * read stays true, and nobody is recognised as a person who is being merged. To be taken first in a transaction, before
 * any other lock, and only once: two that share it cannot both wait for it.
 */
final class GalleryLock {
    private static final long LOCK = 0x706173656f000003L;

    private GalleryLock() {}

    /**
     * For a transaction that decides; waits for one that revises.
     *
     * @throws UnfilledException if there is nothing to decide by yet
     */
    static void share(Connection connection) throws SQLException {
        take(connection, "pg_advisory_xact_lock_shared");
    }

    /**
     * For a transaction that revises; waits for all others.
     *
     * @throws UnfilledException if the gallery is not all there
     */
    static void takeAlone(Connection connection) throws SQLException {
        take(connection, "pg_advisory_xact_lock");
    }

    private static void take(Connection connection, String function) throws SQLException {
        boolean filled = Sql.one(
                connection,
                "SELECT " + function + "(?), EXISTS (SELECT FROM gallery_filled)",
                row -> row.getBoolean(2),
                LOCK);
        if (!filled) {
            throw new UnfilledException();
        }
    }
}
