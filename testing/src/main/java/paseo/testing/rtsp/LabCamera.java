package paseo.testing.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An RTSP camera on a port of its own on 127.0.0.1 that plays a clip round and round, over TCP or UDP, and has a
 * {@link Fault} when told so. Each client gets the clip from its beginning, or from where the camera is told.
 * Thread-safe.
 */
public final class LabCamera implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final Set<LabConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger plays = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final ServerSocketFactory sockets;
    private final String scheme;
    private final int port;
    private volatile H264Clip clip;
    private volatile Fault fault = Fault.NONE;
    private volatile Optional<String> password = Optional.empty();
    private volatile int beginning;
    private volatile boolean taciturn;
    private @Nullable ServerSocket server;

    public LabCamera(H264Clip clip) throws IOException {
        this(clip, ServerSocketFactory.getDefault(), "rtsp");
    }

    private LabCamera(H264Clip clip, ServerSocketFactory sockets, String scheme) throws IOException {
        this.clip = clip;
        this.sockets = sockets;
        this.scheme = scheme;
        ServerSocket socket = listen(0);
        port = socket.getLocalPort();
    }

    /** A camera that speaks TLS only, with a certificate that it has signed itself, as cameras have. */
    public static LabCamera overTls(H264Clip clip, Path scratch) throws IOException {
        return new LabCamera(clip, LabCertificate.in(scratch).getServerSocketFactory(), "rtsps");
    }

    /** Its address. */
    public String url() {
        return scheme + "://127.0.0.1:" + port + "/stream";
    }

    /** From now on it does that wrong, or nothing. */
    public void fault(Fault next) {
        fault = next;
    }

    Fault fault() {
        return fault;
    }

    /** From the next connection on it asks for {@code user:password} (basic authentication). */
    public void demand(String userAndPassword) {
        password = Optional.of(userAndPassword);
    }

    Optional<String> password() {
        return password;
    }

    /** From the next key picture on it shows something else, perhaps of another size. */
    public void show(H264Clip next) {
        clip = next;
    }

    /** From the next client on it begins with this picture of its clip, as one that is joined on the way. */
    public void beginAt(int picture) {
        beginning = picture;
    }

    int beginning() {
        return beginning;
    }

    /** From the next client on its parameter sets are in the stream only, and its rate nowhere. */
    public void describeBriefly() {
        taciturn = true;
    }

    boolean describesAll() {
        return !taciturn;
    }

    H264Clip clip() {
        return clip;
    }

    /** How often a client has begun to play. */
    public int plays() {
        return plays.get();
    }

    void played() {
        plays.incrementAndGet();
    }

    /** How many clients it plays for now. */
    public int watchers() {
        return (int) connections.stream().filter(LabConnection::playing).count();
    }

    /** How often user and password that a client gave were wrong. */
    public int refusals() {
        return refusals.get();
    }

    void refused() {
        refusals.incrementAndGet();
    }

    /** Loses its power: all connections break off and nobody listens. */
    public synchronized void powerOff() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
        for (LabConnection connection : List.copyOf(connections)) {
            try {
                connection.reset();
            } catch (SocketException e) {
                // It was just being closed from the other side.
                connections.remove(connection);
            }
        }
    }

    /** Is there again, at the same address. */
    public synchronized void powerOn() throws IOException {
        if (server == null) {
            listen(port);
        }
    }

    private ServerSocket listen(int wanted) throws IOException {
        ServerSocket socket = sockets.createServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
        server = socket;
        daemon(() -> accept(socket), "lab-camera-" + socket.getLocalPort());
        return socket;
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                LabConnection connection = new LabConnection(this, client);
                connections.add(connection);
                daemon(
                        () -> {
                            connection.serve();
                            connections.remove(connection);
                        },
                        "lab-connection");
            } catch (IOException e) {
                // Closed: the power is off.
                return;
            }
        }
    }

    static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        powerOff();
    }
}
