package paseo.matching;

/**
 * Where the database is and who asks.
 *
 * @param jdbcUrl {@code jdbc:postgresql://HOST:PORT/DATABASE}, driver parameters allowed
 * @param user may be empty when the URL names one
 * @param password may be empty; never printed
 */
public record DatabaseSettings(String jdbcUrl, String user, String password) {
    static final String SCHEME = "jdbc:postgresql:";

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

    @Override
    public String toString() {
        return "DatabaseSettings[" + address() + ", user " + user + "]";
    }
}
