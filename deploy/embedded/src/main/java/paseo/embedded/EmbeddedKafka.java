package paseo.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker (KRaft, one node that is broker and controller) inside this JVM, on 127.0.0.1 and a free port,
 * with its data in a directory that outlives it. Topics are not created on demand; the largest record is 16 MiB.
 *
 * <p>Clients that keep a classic group membership should ask for a {@code session.timeout.ms} of about 10 s: after a
 * kill -9 the next start waits that long for the members that died, and the clients' default is 45 s. Members of the
 * {@code consumer} protocol get 6 s from the broker.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    private static final int BIND_ATTEMPTS = 5;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final DirectoryLock lock;
    private final KafkaRaftServer server;
    private final int port;
    private final FailureNotice failure;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(DirectoryLock lock, KafkaRaftServer server, int port, FailureNotice failure) {
        this.lock = lock;
        this.server = server;
        this.port = port;
        this.failure = failure;
    }

    /**
     * Starts the broker on the data in {@code directory}, which is created and formatted when new. Returns when clients
     * can connect: in about 2 s, in about 6 s after the previous one was killed.
     *
     * @throws EmbeddedFailure when another process uses the directory, it cannot be written, or the broker fails
     */
    public static EmbeddedKafka start(Path directory) throws EmbeddedFailure {
        return start(directory, FreePorts.OF_THE_SYSTEM);
    }

    /**
     * The same on a port that clients know from before, so that they find the broker again.
     *
     * @throws EmbeddedFailure as above, and when somebody else has taken the port
     */
    public static EmbeddedKafka start(Path directory, int port) throws EmbeddedFailure {
        return start(directory, count -> {
            int[] ports = FreePorts.OF_THE_SYSTEM.pick(count);
            ports[0] = port;
            return ports;
        });
    }

    /**
     * The same with some of the broker's settings, in Kafka's names, changed or added: security, say. The listener for
     * clients is named {@code PLAINTEXT}, whatever {@code listener.security.protocol.map} makes of it.
     */
    public static EmbeddedKafka start(Path directory, Map<String, String> changes) throws EmbeddedFailure {
        return start(directory, FreePorts.OF_THE_SYSTEM, changes);
    }

    static EmbeddedKafka start(Path directory, FreePorts ports) throws EmbeddedFailure {
        return start(directory, ports, Map.of());
    }

    private static EmbeddedKafka start(Path directory, FreePorts ports, Map<String, String> changes)
            throws EmbeddedFailure {
        Path absolute = directory.toAbsolutePath().normalize();
        if (absolute.toString().indexOf(',') >= 0) {
            throw new EmbeddedFailure("Kafka cannot keep data in " + absolute
                    + ": it reads the comma as the end of the name; choose another data directory");
        }
        DirectoryLock lock = DirectoryLock.take(absolute, "Kafka");
        try {
            return start(lock, absolute, ports, changes);
        } catch (IOException | RuntimeException e) {
            release(lock);
            if (e instanceof IOException disk) {
                throw EmbeddedFailure.ofDisk("cannot start Kafka in " + absolute, disk);
            }
            String reason = causedBy(e, UnsupportedVersionException.class)
                    ? "a newer Kafka wrote it; use the Paseo that did, or another data directory"
                    : rootMessage(e);
            throw new EmbeddedFailure("cannot start Kafka in " + absolute + ": " + reason, e);
        }
    }

    private static EmbeddedKafka start(DirectoryLock lock, Path directory, FreePorts ports, Map<String, String> changes)
            throws IOException {
        Path logs = directory.resolve("log");
        format(logs);
        for (int attempt = 1; ; attempt++) {
            int[] picked = ports.pick(2);
            FailureNotice failure = new FailureNotice();
            BrokerFaults.watch(failure);
            KafkaRaftServer server = null;
            try {
                Map<String, String> settings = KafkaSettings.of(logs, picked[0], picked[1]);
                settings.putAll(changes);
                server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
                server.startup();
                return new EmbeddedKafka(lock, server, picked[0], failure);
            } catch (RuntimeException | Error e) {
                BrokerFaults.forget(failure);
                stop(server);
                if (attempt == BIND_ATTEMPTS || !causedBy(e, BindException.class)) {
                    throw e;
                }
                log.debug("port {} or {} was taken meanwhile, trying others", picked[0], picked[1]);
            }
        }
    }

    /** Writes {@code meta.properties} and the first metadata; a directory that has them is left alone. */
    private static void format(Path logs) throws IOException {
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(logs);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(KafkaSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(logs.toString()))
                    .setMetadataLogDirectory(logs.toString())
                    .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("formatting " + logs + " failed: " + rootMessage(e), e);
        }
    }

    /** What clients connect to: {@code 127.0.0.1:PORT}. The port is another one at every start. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /**
     * Asks to be told, once, when the broker gives up for good, as when its disk fails. The JVM lives on then without a
     * broker: the listener should begin an ordered shutdown. It runs on a thread of the broker and must not call
     * {@link #close()} there. A fault that happened already is told at once.
     */
    public void onFailure(Consumer<String> listener) {
        failure.listen(listener);
    }

    /** Stops the broker in order: partitions are flushed and the next start needs no recovery. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        failure.close();
        try {
            stop(server);
        } finally {
            BrokerFaults.forget(failure);
            release(lock);
        }
    }

    /** A broker that lost its disk may never come to an end of its shutdown: the wait for it has one. */
    private static void stop(@Nullable KafkaRaftServer server) {
        if (server == null) {
            return;
        }
        Thread stopping = new Thread(
                () -> {
                    server.shutdown();
                    server.awaitShutdown();
                },
                "embedded-kafka-stop");
        stopping.setDaemon(true);
        stopping.setUncaughtExceptionHandler(
                (thread, fault) -> log.warn("the embedded Kafka broker did not stop in order", fault));
        stopping.start();
        if (!Waiting.join(stopping, STOP_LIMIT)) {
            log.warn("the embedded Kafka broker did not stop within {} s", STOP_LIMIT.toSeconds());
        }
    }

    private static void release(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot release the lock of Kafka's data directory: {}", e.getMessage());
        }
    }

    private static boolean causedBy(Throwable fault, Class<? extends Throwable> kind) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
