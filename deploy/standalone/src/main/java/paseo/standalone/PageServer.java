package paseo.standalone;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.matching.AccessTokens;
import paseo.matching.ApiDatabase;
import paseo.matching.DatabaseSettings;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiServer.UnusableAddressException;
import paseo.matching.api.ApiSettings;

/**
 * The page of a command, for as long as it runs. Its address carries a token that may do everything and is taken away
 * at the end: who starts the command owns what is stored.
 */
final class PageServer implements AutoCloseable {
    /** A command that was killed takes nothing away; this does. */
    private static final Duration VALIDITY = Duration.ofDays(30);

    private final @Nullable ApiDatabase database;
    private final @Nullable ApiServer server;
    private final AccessTokens.@Nullable Issued token;

    private PageServer(
            @Nullable ApiDatabase database, @Nullable ApiServer server, AccessTokens.@Nullable Issued token) {
        this.database = database;
        this.server = server;
        this.token = token;
    }

    /**
     * Serves the page, if it is to be served.
     *
     * @param command what the audit trail calls who uses it
     * @throws Refusal if the address cannot be listened on
     */
    static PageServer start(PageSettings settings, String command, DatabaseSettings postgres, ApiServer.Parts parts) {
        if (settings.address().isEmpty()) {
            return new PageServer(null, null, null);
        }
        ApiDatabase database = ApiDatabase.open(postgres);
        try {
            ApiServer server = listen(settings, settings.address().get(), database, parts);
            AccessTokens.Issued token =
                    database.tokens().issue(command, EnumSet.allOf(AccessTokens.Scope.class), VALIDITY);
            return new PageServer(database, server, token);
        } catch (UnusableAddressException e) {
            database.close();
            throw Refusal.atStart(e.getMessage() + ": choose another address with --listen", e);
        }
    }

    private static ApiServer listen(
            PageSettings settings, ApiSettings address, ApiDatabase database, ApiServer.Parts parts) {
        try {
            return ApiServer.start(address, database, parts);
        } catch (UnusableAddressException e) {
            if (!settings.elsewhere()) {
                throw e;
            }
            return ApiServer.start(ApiSettings.local(0), database, parts);
        }
    }

    /** What opens the page in a browser, with the token behind #, which browsers keep to themselves. */
    Optional<String> link() {
        return token == null ? Optional.empty() : address().map(address -> address + "#token=" + token.secret());
    }

    /** Where it is served. */
    Optional<URI> address() {
        return Optional.ofNullable(server).map(ApiServer::address);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (database != null) {
            if (token != null) {
                database.tokens().revoke(token.token().id());
            }
            database.close();
        }
    }
}
