package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Deletes the keys of who is erased, as an erasure has noted in its transaction: from then on no copy of the database,
 * however old, holds anything of theirs that can be read. To be repeated until it has succeeded; whoever does so twice
 * does no harm.
 */
final class KeyWishes {
    private static final int BATCH = 1_000;

    private final Database database;
    private final Keys keys;

    KeyWishes(Database database) {
        this.database = database;
        this.keys = database.keys();
    }

    /** Whether there are any. */
    static boolean any(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT EXISTS (SELECT FROM key_wish)", row -> row.getBoolean(1));
    }

    private record Wish(UUID id, double seconds) {}

    /** Grants all that there are; gives how many. */
    int grant() throws SQLException {
        int granted = 0;
        int found = BATCH;
        while (found == BATCH) {
            List<Wish> wishes = database.transaction(KeyWishes::next);
            found = wishes.size();
            granted += found;
            if (found > 0) {
                grant(wishes);
            }
        }
        return granted;
    }

    private void grant(List<Wish> wishes) throws SQLException {
        UUID[] ids = wishes.stream().map(Wish::id).toArray(UUID[]::new);
        for (UUID shared : database.transaction(connection -> shared(connection, ids))) {
            database.transaction(connection -> {
                new FaceBlocks(connection, keys).renew(shared);
                return true;
            });
        }
        double soonest = wishes.stream().mapToDouble(Wish::seconds).min().orElseThrow();
        keys.delete(List.of(ids), Duration.ofMillis((long) (1_000 * Math.max(0, soonest))));
        // Only then: whoever is killed in between does it again.
        database.transaction(
                connection -> Sql.update(connection, "DELETE FROM key_wish WHERE id = ANY (?)", (Object) ids));
    }

    /** Those that faces of others are under. */
    private static List<UUID> shared(Connection connection, UUID[] ids) throws SQLException {
        return Sql.query(
                connection,
                "SELECT key FROM face_block WHERE key = ANY (?) ORDER BY session_id, number",
                row -> row.getObject(1, UUID.class),
                (Object) ids);
    }

    private static List<Wish> next(Connection connection) throws SQLException {
        return Sql.query(
                connection,
                "SELECT id, extract(epoch FROM due - now())::float8 FROM key_wish ORDER BY due, id LIMIT ?",
                row -> new Wish(row.getObject(1, UUID.class), row.getDouble(2)),
                BATCH);
    }
}
