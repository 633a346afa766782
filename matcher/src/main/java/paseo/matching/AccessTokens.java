package paseo.matching;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table {@code access_token}: who may ask the API for what, and until when. */
public final class AccessTokens {
    private static final String PREFIX = "paseo_";
    private static final int RANDOM_BYTES = 32;

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    AccessTokens(Database database) {
        this.database = database;
    }

    /** What a token allows. */
    public enum Scope {
        /** Look at everything. */
        READ,
        /** Merge, split, reassign, undo, and change the watch list. */
        CORRECT,
        /** Erase a person. */
        ERASE,
        /** Search by photograph, read the audit trail, make and take away tokens. */
        ADMIN;

        /** As documents and tables have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The scope of a word of {@link #word()}; throws {@link IllegalArgumentException} for any other. */
        public static Scope of(String word) {
            return Arrays.stream(values())
                    .filter(scope -> scope.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no scope " + word));
        }
    }

    /**
     * A token as it is known.
     *
     * @param name what the audit trail calls it
     */
    public record Token(long id, String name, Set<Scope> scopes, Instant created, Instant expires) {
        public Token {
            scopes = Set.copyOf(scopes);
        }
    }

    /**
     * A token that was just made.
     *
     * @param secret what its owner presents; it cannot be had a second time
     */
    public record Issued(Token token, String secret) {
        @Override
        public String toString() {
            return "Issued[" + token + "]";
        }
    }

    /** Makes a token that is good for so long, without an entry in the audit trail: one of a program's own. */
    public Issued issue(String name, Set<Scope> scopes, Duration validity) {
        return database.asked("make a token", connection -> issue(connection, name, scopes, validity));
    }

    /**
     * Makes a token that is good for so long.
     *
     * @param actor whom the audit trail names
     */
    public Issued issue(String actor, String name, Set<Scope> scopes, Duration validity) {
        return database.asked("make a token", connection -> {
            Issued issued = issue(connection, name, scopes, validity);
            AuditTrail.append(
                    connection,
                    actor,
                    "issue token",
                    "token " + issued.token().id() + ", " + name,
                    "for " + List.of(words(scopes)));
            return issued;
        });
    }

    private Issued issue(Connection connection, String name, Set<Scope> scopes, Duration validity) throws SQLException {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Token token =
                Sql.one(connection, """
                INSERT INTO access_token (name, hash, scopes, expires_at)
                VALUES (?, ?, ?, now() + ? * interval '1 second') RETURNING *
                """, AccessTokens::token, name, hash(secret), words(scopes), validity.toSeconds());
        return new Issued(token, secret);
    }

    private static String[] words(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::word).toArray(String[]::new);
    }

    /** The token that a secret belongs to, also when it has expired. */
    public Optional<Token> find(String secret) {
        return database.asked(
                "look up a token",
                connection -> Sql.first(
                        connection, "SELECT * FROM access_token WHERE hash = ?", AccessTokens::token, hash(secret)));
    }

    /** All tokens, oldest first, those that have expired included. */
    public List<Token> all() {
        return database.asked(
                "read the tokens",
                connection -> Sql.query(connection, "SELECT * FROM access_token ORDER BY id", AccessTokens::token));
    }

    /** Takes a token away, without an entry in the audit trail: one of a program's own. Whether there was one. */
    public boolean revoke(long id) {
        return database.asked("take a token away", connection -> revoke(connection, id));
    }

    /**
     * Takes a token away; whether there was one.
     *
     * @param actor whom the audit trail names
     */
    public boolean revoke(String actor, long id) {
        return database.asked("take a token away", connection -> {
            boolean gone = revoke(connection, id);
            if (gone) {
                AuditTrail.append(connection, actor, "revoke token", "token " + id, "taken away");
            }
            return gone;
        });
    }

    private static boolean revoke(Connection connection, long id) throws SQLException {
        return Sql.update(connection, "DELETE FROM access_token WHERE id = ?", id) > 0;
    }

    private static Token token(ResultSet row) throws SQLException {
        @Nullable Object[] words = (Object[]) row.getArray("scopes").getArray();
        return new Token(
                row.getLong("id"),
                row.getString("name"),
                Arrays.stream(words)
                        .map(String::valueOf)
                        .map(Scope::of)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class))),
                instant(row.getTimestamp("created_at")),
                instant(row.getTimestamp("expires_at")));
    }

    private static Instant instant(Timestamp time) {
        return time.toInstant();
    }

    private static byte[] hash(String secret) {
        return AuditTrail.sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
    }
}
