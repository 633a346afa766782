package paseo.embedded;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL 17 with pgvector as a child process, on 127.0.0.1 and a free port, with its data in a directory
 * that outlives it: passwords checked (scram-sha-256), every commit on disk. It ends with this process, however that
 * ends.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final int BIND_ATTEMPTS = 5;
    /** What is left of a server whose first process was killed ends by itself as soon as it notices. */
    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final String DATABASE = "paseo";

    /**
     * Where it lives and what it may use.
     *
     * @param directory this server's data; one process at a time
     * @param installDirectory the unpacked programs and the built extension, shared by all data directories; see
     *     {@link #defaultInstallDirectory()}
     * @param pgvector a directory with pgvector built for PostgreSQL 17, in place of the system's or a built one
     * @param notes told, in one line each, what takes long or differs: "building pgvector 0.8.0 (once, about 20 s)"
     */
    public record Options(Path directory, Path installDirectory, Optional<Path> pgvector, Consumer<String> notes) {
        public Options {
            directory = directory.toAbsolutePath().normalize();
            installDirectory = installDirectory.toAbsolutePath().normalize();
            pgvector = pgvector.map(path -> path.toAbsolutePath().normalize());
        }

        /** Data in {@code directory}, programs in the default place, pgvector from the system or built. */
        public static Options of(Path directory) {
            return new Options(directory, defaultInstallDirectory(), Optional.empty(), log::info);
        }
    }

    private final DirectoryLock lock;
    private final PostgresProcess process;
    private final int port;
    private final String password;
    private final String pgvectorVersion;
    private final FailureNotice failure;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(
            DirectoryLock lock,
            PostgresProcess process,
            int port,
            String password,
            String pgvectorVersion,
            FailureNotice failure) {
        this.lock = lock;
        this.process = process;
        this.port = port;
        this.password = password;
        this.pgvectorVersion = pgvectorVersion;
        this.failure = failure;
    }

    /** {@code postgres} below the environment's {@code PASEO_HOME}, which is {@code ~/.paseo} when not set. */
    public static Path defaultInstallDirectory() {
        String home = System.getenv("PASEO_HOME");
        Path paseo =
                home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".paseo") : Path.of(home);
        return paseo.resolve("postgres");
    }

    /**
     * Starts the server; returns when it answers. The first start on a machine unpacks the programs and may build
     * pgvector (notes tell); the first on a data directory creates the cluster and an empty database.
     *
     * @throws EmbeddedFailure when another process uses the directory, no pgvector is to be had, the disk refuses, or
     *     the server fails, then with the end of its log
     */
    public static EmbeddedPostgres start(Options options) throws EmbeddedFailure {
        return start(options, FreePorts.OF_THE_SYSTEM);
    }

    static EmbeddedPostgres start(Options options, FreePorts ports) throws EmbeddedFailure {
        DirectoryLock lock = DirectoryLock.take(options.directory(), "PostgreSQL");
        try {
            return start(lock, options, ports);
        } catch (IOException | RuntimeException e) {
            release(lock);
            throw e instanceof IOException disk
                    ? EmbeddedFailure.ofDisk("cannot start PostgreSQL in " + options.directory(), disk)
                    : new EmbeddedFailure("cannot start PostgreSQL in " + options.directory() + ": " + e, e);
        }
    }

    private static EmbeddedPostgres start(DirectoryLock lock, Options options, FreePorts ports) throws IOException {
        Files.createDirectories(options.installDirectory());
        PostgresUser user = PostgresUser.choose(options.installDirectory(), options.directory());
        PgvectorInstallation pgvector =
                PgvectorInstallation.find(options.installDirectory(), options.pgvector(), user, options.notes());
        PostgresInstallation server = pgvector.server();
        PostgresData data = new PostgresData(options.directory());
        data.prepare(server, user);
        data.stopLeftover(server, user);
        long deadline = System.nanoTime() + LEFTOVER_LIMIT.toNanos();
        int attempt = 1;
        while (true) {
            int port = ports.pick(1)[0];
            FailureNotice failure = new FailureNotice();
            PostgresProcess process = PostgresProcess.start(server, data, user, port, failure);
            try {
                String password = data.password();
                awaitAnswer(process, port, password, options.notes());
                return new EmbeddedPostgres(lock, process, port, password, pgvector.version(), failure);
            } catch (IOException | RuntimeException e) {
                process.stop();
                String reason = process.logTail();
                if (reason.contains("could not bind") && attempt++ < BIND_ATTEMPTS) {
                    log.debug("port {} was taken meanwhile, trying another", port);
                } else if (reason.contains("is still in use") && System.nanoTime() - deadline < 0) {
                    log.debug("waiting for what is left of a killed server to end");
                    LockSupport.parkNanos(POLL.toNanos());
                } else {
                    throw e;
                }
            }
        }
    }

    private static void awaitAnswer(PostgresProcess process, int port, String password, Consumer<String> notes)
            throws IOException {
        StartPatience patience = new StartPatience(System.nanoTime(), notes);
        while (true) {
            if (!process.livesAfter(POLL)) {
                throw new EmbeddedFailure("PostgreSQL did not start: " + process.logTail());
            }
            try (Connection maintenance = connect(port, "postgres", password)) {
                prepareDatabase(maintenance);
            } catch (SQLException e) {
                if (patience.endsAt(System.nanoTime(), e.getSQLState())) {
                    throw new EmbeddedFailure(
                            "PostgreSQL gave no answer in time (" + e.getMessage() + "): " + process.logTail(), e);
                }
                continue;
            }
            updateExtension(port, password);
            return;
        }
    }

    private static void prepareDatabase(Connection maintenance) throws SQLException {
        try (Statement statement = maintenance.createStatement();
                ResultSet known = statement.executeQuery(
                        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = '" + DATABASE + "'")) {
            if (known.next()) {
                return;
            }
        }
        try (Statement statement = maintenance.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
    }

    /** A database made with an older pgvector gets the functions of this one. */
    private static void updateExtension(int port, String password) throws EmbeddedFailure {
        try (Connection connection = connect(port, DATABASE, password);
                Statement statement = connection.createStatement()) {
            boolean differs;
            try (ResultSet versions = statement.executeQuery("SELECT installed_version, default_version"
                    + " FROM pg_catalog.pg_available_extensions"
                    + " WHERE name = 'vector' AND installed_version <> default_version")) {
                differs = versions.next();
                if (differs) {
                    refuseNewer(versions.getString(1), versions.getString(2));
                }
            }
            if (differs) {
                statement.execute("ALTER EXTENSION vector UPDATE");
            }
        } catch (SQLException e) {
            throw new EmbeddedFailure("pgvector does not fit the database: " + e.getMessage(), e);
        }
    }

    /** There is no way back: pgvector's scripts lead from older versions to newer ones. */
    private static void refuseNewer(String installed, String here) throws EmbeddedFailure {
        if (Version.parse(installed).compareTo(Version.parse(here)) > 0) {
            throw new EmbeddedFailure("the database was last used with pgvector " + installed + ", and this is " + here
                    + "; name one that is not older with --pgvector DIR");
        }
    }

    private static Connection connect(int port, String database, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PostgresData.USER);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        // Whoever has taken the port meanwhile may accept the connection and never say a word.
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "10");
        return DriverManager.getConnection(url(port, database), properties);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** What clients connect to, without user and password. The port is another one at every start. */
    public String jdbcUrl() {
        return url(port, DATABASE);
    }

    /** The owner of everything, who may also create the extension. */
    public String user() {
        return PostgresData.USER;
    }

    /** The user's password: made at random with the data directory, kept there in a file only its owner can read. */
    public String password() {
        return password;
    }

    /** The version of pgvector that {@code CREATE EXTENSION vector} gives, for example {@code 0.8.0}. */
    public String pgvectorVersion() {
        return pgvectorVersion;
    }

    /** The server's process, for those who watch its memory. */
    public long pid() {
        return process.pid();
    }

    /**
     * Asks to be told, once, when the server ends without having been asked to; with the end of its log. A fault that
     * happened already is told at once. The listener must not call {@link #close()} itself.
     */
    public void onFailure(Consumer<String> listener) {
        failure.listen(listener);
    }

    /** Stops the server in order; open transactions are rolled back. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        failure.close();
        try {
            process.stop();
        } finally {
            release(lock);
        }
    }

    private static void release(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot release the lock of PostgreSQL's data directory: {}", e.getMessage());
        }
    }
}
