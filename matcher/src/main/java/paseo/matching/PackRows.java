package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import paseo.events.Template;

/** The table {@code model_pack}, and the partitions of {@code template} that belong to its rows. */
final class PackRows {
    private final Connection connection;
    /** Within one transaction only: what it made is gone when it is rolled back. */
    private final Map<String, Short> known = new HashMap<>();

    PackRows(Connection connection) {
        this.connection = connection;
    }

    /** The id of a pack, which is stored with its own gallery partition when it is new. */
    short idOf(String name) throws SQLException {
        Short id = known.get(name);
        if (id == null) {
            Optional<Short> found = find(name);
            id = found.isPresent() ? found.get() : make(name);
            known.put(name, id);
        }
        return id;
    }

    /** The id of a pack, if it was ever used. */
    Optional<Short> find(String name) throws SQLException {
        return Sql.first(connection, "SELECT id FROM model_pack WHERE name = ?", row -> row.getShort(1), name);
    }

    /** All that were ever used. */
    static List<Short> all(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT id FROM model_pack ORDER BY id", row -> row.getShort(1));
    }

    /** The name of a stored pack. */
    static String nameOf(Connection connection, short id) throws SQLException {
        return Sql.one(connection, "SELECT name FROM model_pack WHERE id = ?", row -> row.getString(1), id);
    }

    /** The table of all templates of a pack. */
    static String table(short pack) {
        return "template_pack_" + pack;
    }

    private short make(String name) throws SQLException {
        Optional<Short> made = Sql.first(
                connection,
                "INSERT INTO model_pack (name) VALUES (?) ON CONFLICT DO NOTHING RETURNING id",
                row -> row.getShort(1),
                name);
        if (made.isPresent()) {
            short id = made.get();
            Sql.update(
                    connection,
                    "CREATE TABLE " + table(id) + " PARTITION OF template FOR VALUES IN (" + id
                            + ") PARTITION BY RANGE (sequence_no)");
            // Statistics would hold some of the values.
            Sql.update(connection, "ALTER TABLE " + table(id) + " ALTER COLUMN embedding SET STATISTICS 0");
            return id;
        }
        return find(name).orElseThrow(() -> new SQLException("model pack " + name + " was stored and is not there"));
    }

    /**
     * Learns the length of a pack's embeddings from its first template and holds later ones to it: one vector of
     * another length would make every later search fail.
     *
     * @throws UnstorableException if the template does not fit
     */
    void checkDimension(short pack, Template template) throws SQLException {
        int dimension = template.centre().dimension();
        Sql.update(
                connection, "UPDATE model_pack SET dimension = ? WHERE id = ? AND dimension IS NULL", dimension, pack);
        int stored = dimensionOf(pack);
        boolean fits = stored == dimension
                && template.prototypes().stream()
                        .allMatch(prototype -> prototype.embedding().dimension() == stored);
        if (!fits) {
            throw new UnstorableException("a template of dimension " + dimension + " in a pack of dimension " + stored);
        }
    }

    /** The length of a pack's embeddings; 0 before the first template. */
    int dimensionOf(short pack) throws SQLException {
        return Sql.one(connection, "SELECT dimension FROM model_pack WHERE id = ?", row -> row.getInt(1), pack);
    }
}
