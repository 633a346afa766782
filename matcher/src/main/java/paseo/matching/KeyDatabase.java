package paseo.matching;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Keys in a PostgreSQL database of their own. It is made on the gallery's server where no other one is named, and
 * belongs to one gallery: to go on with other keys, or none, would be to lose everybody without a word.
 */
final class KeyDatabase implements Keys, AutoCloseable {
    private static final String TABLE = "sealing_key";
    private static final String SCRIPT = "keys/keys.sql";
    private static final String NO_DATABASE = "3D000";
    private static final String THERE_ALREADY = "42P04";
    private static final long LOCK = 0x706173656f000009L;

    private final Database database;

    private KeyDatabase(Database database) {
        this.database = database;
    }

    /**
     * Connects, makes the database if it is the gallery's neighbour and not there yet, and its tables.
     *
     * @param gallery whose tables are up to date
     * @throws UnusableDatabaseException if it cannot be reached, cannot be made, or holds another gallery's keys
     */
    static KeyDatabase open(DatabaseSettings settings, DataSource gallery, String name) {
        DatabaseSettings own = settings.keysOrNeighbour();
        DataSource source = Database.source(own, name);
        try {
            Owner owner = owner(gallery);
            try (Connection connection = connect(source, settings, gallery)) {
                prepare(connection, owner, own, settings);
            }
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e), "cannot use the keys in " + own.address() + ": " + e.getMessage(), e);
        }
        return new KeyDatabase(Database.ofKeys(own, name));
    }

    /**
     * Whose the keys are to be.
     *
     * @param used whether anything was sealed with them
     */
    private record Owner(UUID gallery, boolean used) {}

    private static Owner owner(DataSource gallery) throws SQLException {
        try (Connection connection = gallery.getConnection()) {
            return Sql.one(connection, """
                    SELECT gallery, EXISTS (SELECT FROM sealed_template) OR EXISTS (SELECT FROM sealed_opt_out)
                    FROM sealing
                    """, row -> new Owner(row.getObject(1, UUID.class), row.getBoolean(2)));
        }
    }

    private static Connection connect(DataSource source, DatabaseSettings settings, DataSource gallery)
            throws SQLException {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            if (!NO_DATABASE.equals(e.getSQLState()) || settings.keys().isPresent()) {
                throw e;
            }
            make(settings, gallery);
            return source.getConnection();
        }
    }

    private static void make(DatabaseSettings settings, DataSource gallery) {
        String name = settings.keysOrNeighbour().database();
        try (Connection connection = gallery.getConnection()) {
            String quoted = Sql.one(connection, "SELECT quote_ident(?)", row -> row.getString(1), name);
            Sql.update(connection, "CREATE DATABASE " + quoted);
        } catch (SQLException e) {
            // Two that start at once both make it; the second one's name is in use, or its row is.
            if (!THERE_ALREADY.equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
                throw new UnusableDatabaseException(
                        SqlFaults.passing(e),
                        "there is no database " + name + " for keys beside " + settings.address()
                                + ", and it cannot be made: " + e.getMessage()
                                + "; make it, or name another one by --keys-postgres",
                        e);
            }
        }
    }

    private static void prepare(Connection connection, Owner owner, DatabaseSettings own, DatabaseSettings settings)
            throws SQLException {
        connection.setAutoCommit(false);
        Sql.one(connection, "SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
        boolean there = Sql.one(
                connection,
                "SELECT to_regclass('sealing_key') IS NOT NULL AND to_regclass('table_purge') IS NOT NULL",
                row -> row.getBoolean(1));
        if (!there) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(script());
            }
        }
        Optional<UUID> held =
                Sql.first(connection, "SELECT gallery FROM key_owner", row -> row.getObject(1, UUID.class));
        if (held.isPresent() && !held.get().equals(owner.gallery())) {
            throw new UnusableDatabaseException(
                    false,
                    own.address() + " holds the keys of another database than " + settings.address()
                            + ": name the right one by --keys-postgres",
                    null);
        }
        if (held.isEmpty()) {
            if (owner.used()) {
                throw new UnusableDatabaseException(
                        false,
                        "what is sealed in " + settings.address() + " cannot be read: " + own.address()
                                + " holds no keys; name the database that does by --keys-postgres",
                        null);
            }
            Sql.update(connection, "INSERT INTO key_owner (gallery) VALUES (?)", owner.gallery());
        }
        connection.commit();
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(KeyDatabase.class.getResourceAsStream(SCRIPT))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the program's own files cannot be read", e);
        }
    }

    /** The database itself, for those who look after its files. */
    Database database() {
        return database;
    }

    @Override
    public Map<UUID, Seal> find(Collection<UUID> ids) throws SQLException {
        UUID[] wanted = ids.stream().distinct().toArray(UUID[]::new);
        return wanted.length == 0 ? Map.of() : database.transaction(connection -> find(connection, wanted));
    }

    private static Map<UUID, Seal> find(Connection connection, UUID[] ids) throws SQLException {
        Map<UUID, Seal> found = new HashMap<>();
        Sql.query(
                connection,
                "SELECT id, key FROM sealing_key WHERE id = ANY (?)",
                row -> found.put(row.getObject(1, UUID.class), new Seal(row.getBytes(2))),
                (Object) ids);
        return found;
    }

    @Override
    public Map<UUID, Seal> ensure(Collection<UUID> ids) throws SQLException {
        UUID[] wanted = ids.stream().distinct().sorted().toArray(UUID[]::new);
        return database.transaction(connection -> {
            Map<UUID, Seal> found = find(connection, wanted);
            UUID[] missing =
                    Stream.of(wanted).filter(id -> !found.containsKey(id)).toArray(UUID[]::new);
            if (missing.length > 0) {
                List<byte[]> made =
                        Stream.of(missing).map(id -> Seal.random().key()).toList();
                Sql.update(
                        connection,
                        "INSERT INTO sealing_key SELECT * FROM unnest(?::uuid[], ?::bytea[]) ON CONFLICT DO NOTHING",
                        missing,
                        made.stream().map(KeyDatabase::text).toArray(String[]::new));
                // Another matcher may have been first: then it is that one's key.
                found.putAll(find(connection, missing));
            }
            return found;
        });
    }

    /** Bytes as text, to be cast in the statement: arrays of them have no other form. */
    static String text(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    @Override
    public void delete(Collection<UUID> ids, Duration delay) throws SQLException {
        database.transaction(connection -> {
            int deleted = Sql.update(
                    connection, "DELETE FROM sealing_key WHERE id = ANY (?)", (Object) ids.toArray(UUID[]::new));
            if (deleted > 0) {
                new PurgeWishes(connection).table(TABLE, delay);
            }
            return deleted;
        });
    }

    @Override
    public void close() {
        database.close();
    }
}
