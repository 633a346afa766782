package paseo.matching;

import java.util.Optional;

/**
 * Where the database is and who asks.
 *
 * @param jdbcUrl {@code jdbc:postgresql://HOST:PORT/DATABASE}, driver parameters allowed
 * @param user may be empty when the URL names one
 * @param password may be empty; never printed
 * @param keys where the keys are with which it is sealed; empty: in a database of the same server and user, whose name
 *     ends with {@value #KEYS}
 */
public record DatabaseSettings(String jdbcUrl, String user, String password, Optional<DatabaseSettings> keys) {
    static final String SCHEME = "jdbc:postgresql:";

    private static final String KEYS = "_keys";

    /** The same with keys in the database beside it. */
    public DatabaseSettings(String jdbcUrl, String user, String password) {
        this(jdbcUrl, user, password, Optional.empty());
    }

    /** The same with keys elsewhere. */
    public DatabaseSettings withKeys(DatabaseSettings keys) {
        return new DatabaseSettings(jdbcUrl, user, password, Optional.of(keys));
    }

    public DatabaseSettings {
        if (!jdbcUrl.startsWith(SCHEME)) {
            throw new IllegalArgumentException(
                    "the database's address must look like jdbc:postgresql://HOST:PORT/DATABASE");
        }
    }

    /** The address without parameters, which may hold a password: for messages. */
    public String address() {
        int parameters = jdbcUrl.indexOf('?');
        return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
    }

    /** The name of the database. */
    String database() {
        String address = address();
        return address.substring(Math.max(address.lastIndexOf('/'), address.lastIndexOf(':')) + 1);
    }

    /** Where the keys are. */
    DatabaseSettings keysOrNeighbour() {
        String address = address();
        return keys.orElseGet(
                () -> new DatabaseSettings(address + KEYS + jdbcUrl.substring(address.length()), user, password));
    }

    @Override
    public String toString() {
        return "DatabaseSettings[" + address() + ", user " + user + "]";
    }
}
