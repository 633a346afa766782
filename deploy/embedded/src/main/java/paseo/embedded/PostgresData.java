package paseo.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * A data directory: the cluster in {@code data}, the password in {@code password} (readable by its owner only) and the
 * server's log in {@code postgres.log}. Whoever uses it holds the lock of {@code directory}.
 */
record PostgresData(Path directory) {
    static final String USER = "paseo";

    private static final String MAJOR =
            PostgresInstallation.VERSION.substring(0, PostgresInstallation.VERSION.indexOf('.'));
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final long LOG_LIMIT = 5 << 20;
    private static final int TAIL_LINES = 5;

    Path cluster() {
        return directory.resolve("data");
    }

    Path log() {
        return directory.resolve("postgres.log");
    }

    private Path passwordFile() {
        return directory.resolve("password");
    }

    String password() throws IOException {
        return Files.readString(passwordFile()).strip();
    }

    /**
     * Makes sure that there is a cluster this server and this user can open.
     *
     * @throws EmbeddedFailure when it is of another PostgreSQL version or another user
     */
    void prepare(PostgresInstallation server, PostgresUser user) throws IOException {
        Path version = cluster().resolve("PG_VERSION");
        if (!Files.isDirectory(cluster())) {
            create(server, user);
            return;
        }
        user.own(cluster());
        String major = Files.readString(version).strip();
        if (!major.equals(MAJOR)) {
            throw new EmbeddedFailure(cluster() + " was written by PostgreSQL " + major + ", this is " + MAJOR
                    + "; choose another data directory");
        }
    }

    /** Under a temporary name first: a cluster that has its name is whole. */
    private void create(PostgresInstallation server, PostgresUser user) throws IOException {
        Path unfinished = directory.resolve(PostgresInstallation.TEMPORARY + "data");
        PostgresInstallation.delete(unfinished);
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(unfinished);
        writePassword(user);
        Command.Ended ended = Command.of(
                        server.home(),
                        CREATE_LIMIT,
                        user.wrap(List.of(
                                server.program("initdb").toString(),
                                "--pgdata=" + unfinished,
                                "--username=" + USER,
                                "--pwfile=" + passwordFile(),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--no-locale",
                                "--data-checksums",
                                "--no-instructions")))
                .run();
        if (!ended.succeeded()) {
            throw new EmbeddedFailure("PostgreSQL cannot create its files in " + directory + ": " + ended.complaint());
        }
        Files.move(unfinished, cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void writePassword(PostgresUser user) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(random) + "\n");
        user.own(passwordFile());
    }

    /**
     * Ends the server a killed process may have left behind, and clears a process id file that names a stranger (after
     * a reboot the number is somebody else's, and PostgreSQL would not start beside it).
     */
    void stopLeftover(PostgresInstallation server, PostgresUser user) throws IOException {
        Path file = cluster().resolve("postmaster.pid");
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            // Nothing is left over, or it has ended meanwhile.
            return;
        }
        long pid = lines.isEmpty() || !lines.get(0).strip().matches("[0-9]+")
                ? -1
                : Long.parseLong(lines.get(0).strip());
        if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
            return;
        }
        if (isServerOf(pid, cluster())) {
            stop(server, user);
        } else {
            Files.deleteIfExists(file);
        }
    }

    /** The server works in its data directory, by whatever way we came there; its command line names it as it did. */
    private static boolean isServerOf(long pid, Path cluster) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        String arguments;
        try {
            arguments = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false;
        }
        return arguments.contains("postgres")
                && (worksIn(process, cluster) || List.of(arguments.split("\0")).contains(cluster.toString()));
    }

    private static boolean worksIn(Path process, Path directory) {
        try {
            return Files.isSameFile(process.resolve("cwd"), directory);
        } catch (IOException e) {
            // In a container root may not look where nobody's processes are.
            return false;
        }
    }

    /** Stops the running server: transactions in progress are rolled back, all else is on disk. */
    Command.Ended stop(PostgresInstallation server, PostgresUser user) throws IOException {
        return Command.of(
                        server.home(),
                        STOP_LIMIT,
                        user.wrap(List.of(
                                server.program("pg_ctl").toString(),
                                "stop",
                                "--pgdata=" + cluster(),
                                "--mode=fast",
                                "--wait",
                                "--timeout=" + STOP_LIMIT.minusSeconds(10).toSeconds())))
                .run();
    }

    /** Keeps one older log beside the current one. */
    void rotateLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT) {
            Files.move(log(), directory.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The end of the log from a position on, as one line. */
    String logTail(long from) {
        try {
            byte[] all = Files.readAllBytes(log());
            int start = (int) Math.min(from, all.length);
            List<String> lines = new String(all, start, all.length - start, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }
}
