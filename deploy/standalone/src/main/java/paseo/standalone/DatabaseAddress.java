package paseo.standalone;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import paseo.matching.DatabaseSettings;

/** Addresses as in libpq's URIs and as the JDBC driver takes them. */
final class DatabaseAddress {
    private static final String JDBC = "jdbc:";

    private DatabaseAddress() {}

    /**
     * The settings of an address.
     *
     * @param option that names it
     * @param url {@code postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE[?...]}, also with {@code jdbc:} before
     * @param environment for {@code PGUSER} and {@code PGPASSWORD}, where the URL has none
     */
    static DatabaseSettings parse(String option, String url, Map<String, String> environment) {
        String plain = url.startsWith(JDBC) ? url.substring(JDBC.length()) : url;
        plain = plain.replaceFirst("^postgres://", "postgresql://");
        if (!plain.startsWith("postgresql://")) {
            throw Refusal.usage(option + " takes an address like postgresql://USER@HOST:PORT/DATABASE");
        }
        String rest = plain.substring("postgresql://".length());
        String user = environment.getOrDefault("PGUSER", "");
        String password = environment.getOrDefault("PGPASSWORD", "");
        int path = rest.indexOf('/');
        int at = rest.lastIndexOf('@', path < 0 ? rest.length() : path);
        if (at >= 0) {
            String[] credentials = rest.substring(0, at).split(":", 2);
            user = decoded(credentials[0]);
            password = credentials.length > 1 ? decoded(credentials[1]) : password;
            rest = rest.substring(at + 1);
        }
        return new DatabaseSettings("jdbc:postgresql://" + rest, user, password);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
