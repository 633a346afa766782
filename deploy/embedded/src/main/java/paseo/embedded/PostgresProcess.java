package paseo.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server and the thread that started it. Linux sends the parent-death signal when the starting
 * <em>thread</em> ends, so this thread does nothing but wait for the server: they end together, and a kill -9 of the
 * JVM ends the server in order.
 */
final class PostgresProcess {
    private static final Logger log = LoggerFactory.getLogger(PostgresProcess.class);

    private static final Duration PATIENCE_AFTER_STOP = Duration.ofSeconds(10);

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("logging_collector", "off"),
            Map.entry("max_connections", "50"),
            // Whoever searches or forgets locks all partitions of the gallery and their indexes: 64 do for some 700.
            Map.entry("max_locks_per_transaction", "1024"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("jit", "off"),
            // pgvector before 0.8.2 overflows a buffer when it builds an index in parallel (CVE-2026-3172).
            Map.entry("max_parallel_maintenance_workers", "0"),
            // One plan, one order of rows; and containers give little of the shared memory parallel scans need.
            Map.entry("max_parallel_workers_per_gather", "0"),
            // Nobody replicates this server.
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_wal_size", "512MB"),
            // A piece of the log that is used again holds what was in it until that is overwritten: erased people.
            Map.entry("wal_recycle", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"));

    private final PostgresInstallation server;
    private final PostgresData data;
    private final PostgresUser user;
    private final Process process;
    private final long logStart;

    private PostgresProcess(
            PostgresInstallation server, PostgresData data, PostgresUser user, Process process, long logStart) {
        this.server = server;
        this.data = data;
        this.user = user;
        this.process = process;
        this.logStart = logStart;
    }

    /** Starts the server on a port of 127.0.0.1; it does not answer yet when this returns. */
    static PostgresProcess start(
            PostgresInstallation server, PostgresData data, PostgresUser user, int port, FailureNotice failure)
            throws IOException {
        data.rotateLog();
        long logStart = Files.exists(data.log()) ? Files.size(data.log()) : 0;
        ProcessBuilder builder = new ProcessBuilder(line(server, data, user, port))
                .directory(server.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(data.log().toFile()));
        Command.plainEnvironment(builder.environment());
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread parent = new Thread(() -> startAndWait(builder, started, data, logStart, failure), "embedded-postgres");
        parent.setDaemon(true);
        parent.start();
        try {
            return new PostgresProcess(server, data, user, started.join(), logStart);
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
    }

    private static List<String> line(PostgresInstallation server, PostgresData data, PostgresUser user, int port) {
        List<String> line = new ArrayList<>();
        // In a session of its own: Ctrl-C is for us, who stop the server after its clients.
        if (Command.exists("setsid")) {
            line.add("setsid");
        }
        if (Command.exists("setpriv")) {
            line.addAll(List.of("setpriv", "--pdeathsig=INT"));
        }
        line.addAll(List.of(
                server.program("postgres").toString(), "-D", data.cluster().toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> line.addAll(List.of("-c", name + "=" + value)));
        return user.wrap(line);
    }

    private static void startAndWait(
            ProcessBuilder builder,
            CompletableFuture<Process> started,
            PostgresData data,
            long logStart,
            FailureNotice failure) {
        try {
            Process process = builder.start();
            started.complete(process);
            int status = process.waitFor();
            failure.report("the embedded PostgreSQL ended with status " + status + ": " + data.logTail(logStart));
        } catch (IOException e) {
            started.completeExceptionally(e);
        } catch (InterruptedException e) {
            log.debug("nobody interrupts this thread", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits a little and returns whether the server is still there. */
    boolean livesAfter(Duration wait) throws IOException {
        try {
            return !process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL started", e);
        }
    }

    String logTail() {
        return data.logTail(logStart);
    }

    /** Stops the server; when it does not obey, kills it, and the next start recovers from its log. */
    void stop() {
        boolean interrupted = Thread.interrupted();
        try {
            if (process.isAlive()) {
                Command.Ended ended = data.stop(server, user);
                if (!ended.succeeded()) {
                    log.warn("PostgreSQL did not stop: {}", ended.complaint());
                }
            }
        } catch (IOException e) {
            log.warn("PostgreSQL could not be asked to stop: {}", e.getMessage());
        } finally {
            if (!Waiting.exit(process, PATIENCE_AFTER_STOP)) {
                process.destroyForcibly();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
