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

    /** For a transaction that decides; waits for one that revises. */
    static void share(Connection connection) throws SQLException {
        Sql.one(connection, "SELECT pg_advisory_xact_lock_shared(?)", row -> true, LOCK);
    }

    /** For a transaction that revises; waits for all others. */
    static void takeAlone(Connection connection) throws SQLException {
        Sql.one(connection, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    }
}
