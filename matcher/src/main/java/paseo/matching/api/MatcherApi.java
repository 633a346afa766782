package paseo.matching.api;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import paseo.events.Reach;
import paseo.matching.AccessTokens;
import paseo.matching.ApiDatabase;
import paseo.matching.MatcherSettings;

/** Page and API beside a matcher. The first one on a database says a token, once. */
public final class MatcherApi implements AutoCloseable {
    private static final Duration VALIDITY = Duration.ofDays(365);

    private final ApiDatabase database;
    private final ApiServer server;

    private MatcherApi(ApiDatabase database, ApiServer server) {
        this.database = database;
        this.server = server;
    }

    /**
     * Begins to listen.
     *
     * @param matcher whose database and Kafka it uses
     * @param cameras how far the connections to cameras may go that are stored here
     * @param out told where it listens, and the first token
     * @throws ApiServer.UnusableAddressException if it cannot listen there
     */
    public static MatcherApi start(
            ApiSettings settings, MatcherSettings matcher, Reach cameras, MeterRegistry meters, PrintWriter out) {
        ApiDatabase database = ApiDatabase.open(matcher.database());
        try {
            ApiServer server = ApiServer.start(
                    settings,
                    database,
                    new ApiServer.Parts(Optional.of(matcher.kafka()), Optional.of(meters), Optional.empty(), cameras));
            out.println("page: " + server.address());
            AccessTokens tokens = database.tokens();
            if (tokens.all().isEmpty()) {
                AccessTokens.Issued first = tokens.issue("first", EnumSet.allOf(AccessTokens.Scope.class), VALIDITY);
                out.println("token, shown this once: " + first.secret());
            }
            out.flush();
            return new MatcherApi(database, server);
        } catch (ApiServer.UnusableAddressException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
