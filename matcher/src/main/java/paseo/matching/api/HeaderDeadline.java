package paseo.matching.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts connections that have not brought one whole request head in time. An idle timeout does not: each byte that
 * trickles in starts it anew.
 */
final class HeaderDeadline implements Connection.Listener {
    private static final long SECONDS = 10;

    private final ServerConnector connector;
    private final Map<Connection, Scheduler.Task> deadlines = new ConcurrentHashMap<>();

    HeaderDeadline(ServerConnector connector) {
        this.connector = connector;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            // Requests are counted by the connection inside.
            return;
        }
        Scheduler.Task task = connector.getScheduler().schedule(() -> check(connection), SECONDS, TimeUnit.SECONDS);
        deadlines.put(connection, task);
    }

    private void check(Connection connection) {
        deadlines.remove(connection);
        if (connection.getMessagesIn() == 0 && connection.getEndPoint().isOpen()) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Scheduler.Task task = deadlines.remove(connection);
        if (task != null) {
            task.cancel();
        }
    }
}
