package paseo.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Picks loopback ports that nobody listens on at this moment. Somebody else may take one before the server binds it:
 * whoever uses this has to try again with other ports when the bind fails.
 */
@FunctionalInterface
interface FreePorts {
    FreePorts OF_THE_SYSTEM = FreePorts::ask;

    /**
     * Returns {@code count} different free ports of 127.0.0.1.
     *
     * @throws IOException when the system has none left
     */
    int[] pick(int count) throws IOException;

    private static int[] ask(int count) throws IOException {
        int[] ports = new int[count];
        ask(ports, 0);
        return ports;
    }

    /** Holds every socket open until the last port is known, so that all differ. */
    private static void ask(int[] ports, int from) throws IOException {
        if (from == ports.length) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            ports[from] = socket.getLocalPort();
            ask(ports, from + 1);
        }
    }
}
