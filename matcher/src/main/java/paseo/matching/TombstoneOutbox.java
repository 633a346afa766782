package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table {@code tombstone_outbox}: whose records readers of a topic are to forget. */
final class TombstoneOutbox {
    private final Connection connection;

    TombstoneOutbox(Connection connection) {
        this.connection = connection;
    }

    /** A key of a topic that will get a record without a value. */
    record Tombstone(long position, String topic, String key) {}

    void add(String topic, List<String> keys) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO tombstone_outbox (topic, key) SELECT ?, key FROM unnest(?::text[]) AS k (key)",
                topic,
                keys.toArray(String[]::new));
    }

    List<Tombstone> waiting(int most) throws SQLException {
        return Sql.query(
                connection,
                "SELECT position, topic, key FROM tombstone_outbox ORDER BY position LIMIT ?",
                row -> new Tombstone(row.getLong(1), row.getString(2), row.getString(3)),
                most);
    }

    void remove(List<Tombstone> published) throws SQLException {
        Sql.update(connection, "DELETE FROM tombstone_outbox WHERE position = ANY (?)", (Object)
                published.stream().mapToLong(Tombstone::position).toArray());
    }
}
