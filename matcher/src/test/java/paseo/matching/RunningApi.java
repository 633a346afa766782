package paseo.matching;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import paseo.events.Reach;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiSettings;
import paseo.operations.KafkaConnection;

/**
 * An API over the servers of a test.
 *
 * @param secret a token that may do everything
 * @param client that has it
 */
record RunningApi(ApiDatabase database, ApiServer server, String secret, ApiClient client) implements AutoCloseable {
    /** Where cameras may be that are not at a public address. */
    static final String PERMITTED = "192.168.7.0/24";

    private static final int PATIENCE_MILLIS = 30_000;

    static RunningApi on(Servers servers) {
        ApiDatabase database = ApiDatabase.open(servers.database());
        ApiServer server = ApiServer.start(
                ApiSettings.local(0),
                database,
                new ApiServer.Parts(
                        Optional.of(KafkaConnection.of(servers.bootstrapServers())),
                        Optional.empty(),
                        Optional.empty(),
                        Reach.parse(PERMITTED)));
        String secret = database.tokens()
                .issue("tester", EnumSet.allOf(Scope.class), Duration.ofHours(1))
                .secret();
        return new RunningApi(database, server, secret, new ApiClient(server.address(), secret));
    }

    /** A connection on which anything can be said. */
    Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
