package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs and pgvector come from the machine's shared directory: the first run builds them. */
@Timeout(300)
class EmbeddedPostgresIT {
    @TempDir
    Path directory;

    private final List<String> notes = new ArrayList<>();

    @Test
    void comparesEmbeddingsAndKeepsThemAcrossRestarts() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            try (Connection connection = connect(postgres)) {
                assertThat(query(connection, "SHOW server_version")).isEqualTo("17.11");
                assertThat(query(connection, "SHOW fsync")).isEqualTo("on");
                assertThat(query(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
                assertThat(query(connection, "SHOW max_parallel_maintenance_workers"))
                        .isEqualTo("0");
                assertThat(query(connection, "SHOW max_locks_per_transaction")).isEqualTo("1024");
                execute(connection, "CREATE EXTENSION vector");
                assertThat(query(connection, "SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
                        .isEqualTo(postgres.pgvectorVersion());
                execute(connection, "CREATE TABLE face (number int, embedding halfvec(2))");
                execute(connection, "INSERT INTO face VALUES (1, '[1,0]'), (2, '[0,1]'), (3, '[0.6,0.8]')");
                execute(connection, "CREATE INDEX ON face USING hnsw (embedding halfvec_ip_ops)");
            }
        }
        try (EmbeddedPostgres postgres = start();
                Connection connection = connect(postgres)) {
            assertThat(query(connection, "SELECT number FROM face ORDER BY embedding <#> '[0,1]' LIMIT 1"))
                    .isEqualTo("2");
            assertThat(query(connection, "SELECT embedding <#> '[0.6,0.8]' FROM face WHERE number = 1"))
                    .startsWith("-0.6");
        }
    }

    @Test
    void asksForThePasswordThatOnlyTheOwnerCanRead() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.password()).hasSize(48);
            assertThat(postgres.jdbcUrl()).doesNotContain(postgres.password());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guess")
                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        String inUse = "the PostgreSQL data directory " + directory + " is in use by ";
        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.jdbcUrl()).startsWith("jdbc:postgresql://127.0.0.1:");
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedFailure.class)
                    .hasMessage(inUse + "this process; stop it or choose another data directory");
            assertThat(ChildServer.failure(
                            ChildServer.Launch.here(),
                            directory,
                            "postgres",
                            directory.toString(),
                            EmbeddedPostgres.defaultInstallDirectory().toString()))
                    .contains(inUse + "another Paseo (process "
                            + ProcessHandle.current().pid() + "); stop it or choose another data directory");
        }
    }

    @Test
    void takesAnotherPortWhenItsOwnWasTakenMeanwhile() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicInteger asked = new AtomicInteger();
            FreePorts racing = count -> asked.getAndIncrement() == 0
                    ? new int[] {taken.getLocalPort()}
                    : FreePorts.OF_THE_SYSTEM.pick(count);
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options(), racing);
                    Connection connection = connect(postgres)) {
                assertThat(query(connection, "SELECT 1")).isEqualTo("1");
            }
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void tellsWhenTheServerEndsAndStartsAgainAfterwards() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (EmbeddedPostgres postgres = start()) {
            postgres.onFailure(told::add);
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
            assertThat(told.poll(30, TimeUnit.SECONDS)).startsWith("the embedded PostgreSQL ended with status 137");
        }
        try (EmbeddedPostgres postgres = start();
                Connection connection = connect(postgres)) {
            assertThat(query(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void waitsForWhatAKilledServerLeavesToEnd() throws Exception {
        Path log = directory.resolve("postgres.log");
        EmbeddedPostgres killed = start();
        ProcessHandle server = ProcessHandle.of(killed.pid()).orElseThrow();
        ProcessHandle child = server.descendants().findFirst().orElseThrow();
        signal("STOP", child);
        server.destroyForcibly();
        killed.close();
        CompletableFuture<EmbeddedPostgres> next = CompletableFuture.supplyAsync(() -> {
            try {
                return start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!Files.readString(log).contains("is still in use")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                assertThat(next).isNotDone();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } finally {
            signal("CONT", child);
        }
        try (EmbeddedPostgres postgres = next.get(60, TimeUnit.SECONDS);
                Connection connection = connect(postgres)) {
            assertThat(query(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void startsBesideAStrangerWithTheOldProcessNumber() throws Exception {
        start().close();
        Files.writeString(
                directory.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n/elsewhere\n");
        try (EmbeddedPostgres postgres = start();
                Connection connection = connect(postgres)) {
            assertThat(query(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void quotesTheLogWhenTheServerDoesNotStart() throws Exception {
        start().close();
        Files.writeString(directory.resolve("data/postgresql.conf"), "work_mem = plenty\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("PostgreSQL did not start")
                .hasMessageContaining("work_mem");
    }

    @Test
    void namesTheFileItCannotUse() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(EmbeddedPostgres.Options.of(file)))
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("cannot use the PostgreSQL data directory " + file);
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/PG_VERSION"), "9\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("was written by PostgreSQL 9, this is 17");
    }

    @Test
    void refusesAPgvectorThatIsNotOneOrDoesNotLoad() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThatThrownBy(() -> EmbeddedPostgres.start(with(empty)))
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("--pgvector " + empty + ": no vector.so");
        Path broken = Files.createDirectory(directory.resolve("broken"));
        Files.writeString(broken.resolve("vector.so"), "not a library");
        Files.writeString(
                broken.resolve("vector.control"), "default_version = '0.8.9'\nmodule_pathname = '$libdir/vector'\n");
        Files.writeString(
                broken.resolve("vector--0.8.9.sql"),
                "CREATE FUNCTION f() RETURNS int AS 'MODULE_PATHNAME' LANGUAGE C;\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(with(broken)))
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining(broken.resolve("vector.so") + " does not load in PostgreSQL 17.11.0");
    }

    @Test
    void refusesADatabaseOfANewerPgvector() throws Exception {
        try (EmbeddedPostgres postgres = start();
                Connection connection = connect(postgres)) {
            execute(connection, "CREATE EXTENSION vector");
            execute(connection, "UPDATE pg_extension SET extversion = '0.100.0' WHERE extname = 'vector'");
        }
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedFailure.class)
                .hasMessageContaining("used with pgvector 0.100.0, and this is 0.")
                .hasMessageContaining("--pgvector DIR");
    }

    @Test
    void leavesTheInterruptFlagAndStillStopsInOrder() throws Exception {
        EmbeddedPostgres postgres = start();
        Thread.currentThread().interrupt();
        postgres.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessHandle.of(postgres.pid())).isEmpty();
        assertThat(Files.readString(directory.resolve("postgres.log"))).contains("database system is shut down");
    }

    private EmbeddedPostgres start() throws EmbeddedFailure {
        return EmbeddedPostgres.start(options());
    }

    private EmbeddedPostgres.Options options() {
        return new EmbeddedPostgres.Options(
                directory, EmbeddedPostgres.defaultInstallDirectory(), Optional.empty(), notes::add);
    }

    private EmbeddedPostgres.Options with(Path pgvector) {
        return new EmbeddedPostgres.Options(
                directory, EmbeddedPostgres.defaultInstallDirectory(), Optional.of(pgvector), notes::add);
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new IOException("no row: " + sql);
            }
            return rows.getString(1);
        }
    }
}
