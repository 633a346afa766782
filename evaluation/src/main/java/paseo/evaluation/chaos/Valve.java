package paseo.evaluation.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port of 127.0.0.1 through which another one is reached, until it is shut: then bytes stay where they are. */
final class Valve implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean shut;

    Valve(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("valve", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Where new connections lead from now on. */
    void target(int port) {
        target = port;
    }

    /** Nothing goes through any more, in no direction; nobody is told. */
    void shut() {
        shut = true;
    }

    /** Cuts what stood still; new connections pass. */
    void open() {
        sockets.forEach(Valve::close);
        shut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                sockets.add(client);
                start("valve-connection", () -> connect(client));
            } catch (IOException e) {
                // Closed, or one client that went before it was here.
            }
        }
    }

    private void connect(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(server);
            Thread back = start("valve-back", () -> carry(server, client));
            carry(client, server);
            back.join();
            sockets.remove(server);
        } catch (IOException e) {
            // The server is away: the client sees its connection end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (shut) {
                    return;
                }
                out.write(buffer, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, which is all that was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        sockets.forEach(Valve::close);
    }
}
