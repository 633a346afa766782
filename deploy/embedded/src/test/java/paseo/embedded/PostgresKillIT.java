package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's process and the JVM's that started it: whoever dies, in whatever user's name. */
@Timeout(300)
class PostgresKillIT {
    private static final Path INSTALL = EmbeddedPostgres.defaultInstallDirectory();

    @TempDir
    Path directory;

    /** Everything nobody has to reach lies here. */
    @BeforeEach
    void openToAll() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void endsWithAKilledJvm() throws Exception {
        killAndStartAgain(ChildServer.Launch.here(), directory.resolve("data").toString(), INSTALL.toString());
    }

    @Test
    void endsWithAKilledJvmOfAnOrdinaryUser() throws Exception {
        ChildServer.Launch nobody = nobody();
        Path home = Files.createDirectory(directory.resolve("home"));
        give(home);
        killAndStartAgain(
                nobody,
                home.resolve("data").toString(),
                home.resolve("install").toString(),
                pgvector().toString());
    }

    @Test
    void endsWithARootJvmWhereNamespacesAreBlocked() throws Exception {
        nobody();
        ChildServer.Launch blocked = ChildServer.Launch.here().onlyWith(programs("setpriv", "setsid", "id", "test"));
        killAndStartAgain(
                blocked,
                directory.resolve("data").toString(),
                directory.resolve("install").toString(),
                pgvector().toString());
        assertThat(Files.getOwner(directory.resolve("data/data")).getName()).isNotEqualTo("root");
        // And back: what nobody wrote is root's again where namespaces work.
        killAndStartAgain(ChildServer.Launch.here(), directory.resolve("data").toString(), INSTALL.toString());
    }

    /** Root's home is such a place, and in a container namespaces are blocked. */
    @Test
    void endsWithARootJvmWhoseDirectoryIsClosedToNobody() throws Exception {
        nobody();
        ChildServer.Launch blocked = ChildServer.Launch.here().onlyWith(programs("setpriv", "setsid", "id", "test"));
        Path closed = closed();
        killAndStartAgain(
                blocked,
                closed.resolve("data").toString(),
                closed.resolve("install").toString(),
                pgvector().toString());
        assertThat(Files.getOwner(closed.resolve("data/data")).getName()).isNotEqualTo("root");
    }

    @Test
    void tellsRootWhereNobodyCannotGo() throws Exception {
        nobody();
        ChildServer.Launch blocked = ChildServer.Launch.here().onlyWith(programs("runuser", "setsid", "id", "test"));
        Path closed = closed();
        assertThat(ChildServer.failure(
                        blocked,
                        directory,
                        "postgres",
                        directory.resolve("data").toString(),
                        closed.resolve("install").toString()))
                .contains("user nobody may not enter " + closed.resolve("install"))
                .contains("PASEO_HOME");
    }

    private Path closed() throws IOException {
        return Files.createDirectory(
                directory.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Without setpriv nothing tells the server that its JVM is gone; the next start does. */
    @Test
    void stopsTheServerThatAKilledJvmLeftBehind() throws Exception {
        ChildServer.Launch noSignal = ChildServer.Launch.here().onlyWith(programs("unshare", "id", "test"));
        String data = directory.resolve("data").toString();
        long orphan;
        try (ChildServer child = ChildServer.start(noSignal, directory, "postgres", data, INSTALL.toString())) {
            orphan = pid(child);
            child.kill();
        }
        assertThat(ProcessHandle.of(orphan)).isPresent();
        try (ChildServer again =
                ChildServer.start(ChildServer.Launch.here(), directory, "postgres", data, INSTALL.toString())) {
            awaitEnd(orphan);
            again.kill();
            awaitEnd(pid(again));
        }
    }

    @Test
    void unpacksOnceWhenTwoStartAtOnce() throws Exception {
        String install = directory.resolve("install").toString();
        String pgvector = pgvector().toString();
        List<CompletableFuture<ChildServer>> both = Stream.of("one", "two")
                .map(name -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return ChildServer.start(
                                ChildServer.Launch.here(),
                                directory,
                                "postgres",
                                directory.resolve(name).toString(),
                                install,
                                pgvector);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        for (CompletableFuture<ChildServer> one : both) {
            try (ChildServer child = one.get(120, TimeUnit.SECONDS)) {
                child.kill();
                awaitEnd(pid(child));
            }
        }
        try (Stream<Path> trees = Files.list(Path.of(install))) {
            assertThat(trees.filter(Files::isDirectory)).hasSize(2);
        }
    }

    @Test
    void namesTheWaysOutWithoutACompiler() throws Exception {
        assumeTrue(!Files.exists(Path.of("/usr/lib/postgresql/17/lib/vector.so")), "the system has pgvector");
        assertThat(ChildServer.failure(
                        ChildServer.Launch.here().onlyWith(programs("unshare", "setpriv", "id", "test")),
                        directory,
                        "postgres",
                        directory.resolve("data").toString(),
                        directory.resolve("install").toString()))
                .contains("no C compiler")
                .contains("--pgvector DIR")
                .contains("apt-get install gcc")
                .contains("--postgres URL");
    }

    private void killAndStartAgain(ChildServer.Launch launch, String... arguments) throws Exception {
        String[] line =
                Stream.concat(Stream.of("postgres"), Stream.of(arguments)).toArray(String[]::new);
        for (int round = 0; round < 2; round++) {
            try (ChildServer child = ChildServer.start(launch, directory, line)) {
                child.kill();
                awaitEnd(pid(child));
            }
        }
        assertThat(Files.readString(Path.of(arguments[0], "postgres.log")))
                .contains("received fast shutdown request")
                .doesNotContain("database system was interrupted");
    }

    private static long pid(ChildServer child) {
        return Long.parseLong(child.ready().split(" ", -1)[0]);
    }

    private static void awaitEnd(long pid) throws Exception {
        Optional<ProcessHandle> server = ProcessHandle.of(pid);
        if (server.isPresent()) {
            try {
                server.get().onExit().get(20, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("the server (process " + pid + ") outlived its JVM", e);
            }
        }
    }

    /** Only root can become somebody else, and only where that somebody can run Java. */
    private ChildServer.Launch nobody() throws Exception {
        assumeTrue((Integer) Files.getAttribute(directory, "unix:uid") == 0, "needs root");
        ChildServer.Launch nobody = ChildServer.Launch.here().asNobody(directory);
        Command.Ended version = Command.of(
                        directory,
                        Duration.ofSeconds(20),
                        Stream.concat(
                                        nobody.prefix().stream(),
                                        Stream.of(System.getProperty("java.home") + "/bin/java", "-version"))
                                .toList())
                .run();
        assumeTrue(version.succeeded(), "nobody cannot run Java here");
        return nobody;
    }

    /** A search path with these programs and no others. */
    private Path programs(String... names) throws IOException {
        Path path = Files.createDirectory(directory.resolve("programs"));
        for (String name : names) {
            for (String place : new String[] {"/usr/bin", "/bin", "/usr/sbin"}) {
                Path program = Path.of(place, name);
                if (Files.exists(program) && !Files.exists(path.resolve(name))) {
                    Files.copy(program, path.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return path;
    }

    /** The extension of the machine's shared installation, where everybody can read it. */
    private Path pgvector() throws IOException {
        PgvectorInstallation shared =
                PgvectorInstallation.find(INSTALL, Optional.empty(), PostgresUser.choose(INSTALL), note -> {});
        Path copy = Files.createDirectory(directory.resolve("pgvector"));
        PgvectorFiles files = PgvectorFiles.in(
                        shared.server().libraries(), shared.server().extensions())
                .orElseThrow();
        for (Path file : Stream.concat(Stream.of(files.library(), files.control()), files.scripts().stream())
                .toList()) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    private static void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", 65534);
    }
}
