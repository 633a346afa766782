package paseo.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds a pgvector that the embedded server can load: the one asked for, one of the system's packages, or one built
 * here once. A file that looks right proves nothing (a package may need a newer C library than the machine has), so
 * each is first tried in a throw-away database; a server tree exists only with one that passed.
 *
 * @param server the programs with the extension in place
 * @param version the extension's, for example {@code 0.8.0}
 */
record PgvectorInstallation(PostgresInstallation server, String version) {
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(1);

    /** Where packages for PostgreSQL 17 put it: Debian's and Ubuntu's, and those of the PostgreSQL project for RPM. */
    private static final List<List<Path>> SYSTEM = List.of(
            List.of(Path.of("/usr/lib/postgresql/17/lib"), Path.of("/usr/share/postgresql/17/extension")),
            List.of(Path.of("/usr/pgsql-17/lib"), Path.of("/usr/pgsql-17/share/extension")));

    private static final String PROBE =
            "CREATE EXTENSION vector;\nSELECT '[1,2]'::halfvec(2) <#> '[3,4]'::halfvec(2);\n";

    /** What the server says of a library that is not for it or for this machine; nothing else stays as it is. */
    private static final Pattern UNFIT = Pattern.compile("could not load library|incompatible library|GLIBC_");

    /** Names the directory where a command has no option for it. */
    private static final String VARIABLE = "PASEO_PGVECTOR";

    private static final String WAYS_OUT = "Three ways out: --pgvector DIR or " + VARIABLE + "=DIR with vector.so,"
            + " vector.control and vector--*.sql built for PostgreSQL 17; install a C compiler (apt-get install gcc"
            + " libc6-dev) or the package postgresql-17-pgvector; or --postgres URL of a server that has pgvector";

    /**
     * Returns programs with pgvector, prepared in {@code directory} on first use.
     *
     * @param asked the directory the user named, else the one in {@code PASEO_PGVECTOR}; then nothing else is tried
     * @throws EmbeddedFailure naming what went wrong and the three ways out
     */
    static PgvectorInstallation find(Path directory, Optional<Path> asked, PostgresUser user, Consumer<String> notes)
            throws IOException {
        if (asked.isPresent()) {
            return prepare(directory, named("--pgvector " + asked.get(), asked.get()), user, notes);
        }
        String variable = System.getenv(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            return prepare(directory, named(VARIABLE + "=" + variable, Path.of(variable)), user, notes);
        }
        for (List<Path> places : SYSTEM) {
            Optional<PgvectorInstallation> found = ofTheSystem(directory, places, user, notes);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return prepare(directory, built(directory, notes), user, notes);
    }

    private static PgvectorFiles named(String by, Path place) throws IOException {
        return PgvectorFiles.in(place)
                .orElseThrow(
                        () -> new EmbeddedFailure(by + ": no vector.so, vector.control and vector--VERSION.sql there"));
    }

    /** What the system has may not fit; what does not load is tried, and told of, once. A passing fault is not kept. */
    private static Optional<PgvectorInstallation> ofTheSystem(
            Path directory, List<Path> places, PostgresUser user, Consumer<String> notes) throws IOException {
        try {
            Optional<PgvectorFiles> files = PgvectorFiles.in(places.toArray(Path[]::new));
            if (files.isEmpty()) {
                return Optional.empty();
            }
            Path refused = directory.resolve("refused-pgvector-" + files.get().fingerprint());
            if (Files.exists(refused)) {
                return Optional.empty();
            }
            try {
                return Optional.of(prepare(directory, files.get(), user, notes));
            } catch (DoesNotLoad e) {
                Files.writeString(refused, e.getMessage());
                throw e;
            }
        } catch (EmbeddedFailure unfit) {
            notes.accept("the system's pgvector is not used: " + unfit.getMessage());
            return Optional.empty();
        }
    }

    private static PgvectorFiles built(Path directory, Consumer<String> notes) throws IOException {
        Path home = directory.resolve("pgvector-" + PgvectorBuild.VERSION);
        if (!Files.isDirectory(home)) {
            DirectoryLock.alone(directory, () -> {
                if (!Files.isDirectory(home)) {
                    notes.accept("building pgvector " + PgvectorBuild.VERSION + " (once, about 20 s)");
                    PostgresInstallation.sweep(directory);
                    build(directory, home);
                }
            });
        }
        return PgvectorFiles.in(home)
                .orElseThrow(() -> new EmbeddedFailure(home + " is not complete; delete it and start again"));
    }

    private static void build(Path directory, Path home) throws IOException {
        Path work = PostgresInstallation.temporary(directory);
        try {
            Path target = Files.createDirectory(work.resolve("built"));
            PgvectorBuild.into(target, work);
            Files.move(target, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (EmbeddedFailure failed) {
            throw new EmbeddedFailure(
                    "pgvector, the PostgreSQL extension that compares embeddings, is not here and could not be built: "
                            + failed.getMessage() + ". " + WAYS_OUT,
                    failed);
        } finally {
            PostgresInstallation.delete(work);
        }
    }

    /** The tree with these files; on first sight they are tried out, and refused when the server cannot load them. */
    private static PgvectorInstallation prepare(
            Path directory, PgvectorFiles files, PostgresUser user, Consumer<String> notes) throws IOException {
        Path home = directory.resolve(PostgresInstallation.VERSION + "-pgvector-" + files.fingerprint());
        if (!Files.isDirectory(home)) {
            DirectoryLock.alone(directory, () -> {
                if (!Files.isDirectory(home)) {
                    PostgresInstallation.sweep(directory);
                    tryOut(directory, home, files, user, notes);
                }
            });
        }
        return new PgvectorInstallation(new PostgresInstallation(home), files.version());
    }

    private static void tryOut(
            Path directory, Path home, PgvectorFiles files, PostgresUser user, Consumer<String> notes)
            throws IOException {
        if (!Files.isDirectory(directory.resolve(PostgresInstallation.VERSION))) {
            notes.accept("unpacking PostgreSQL " + PostgresInstallation.VERSION + " (once)");
        }
        PostgresInstallation programs = PostgresInstallation.unpack(directory);
        Path work = PostgresInstallation.temporary(directory);
        try {
            PostgresInstallation candidate = programs.with(files, work.resolve("server"));
            judge(files.library(), probe(candidate, Files.createDirectory(work.resolve("data")), user));
            Files.move(candidate.home(), home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            PostgresInstallation.delete(work);
        }
    }

    /** Loads and uses the extension in a single-user server. */
    private static Command.Ended probe(PostgresInstallation server, Path data, PostgresUser user) throws IOException {
        user.own(data);
        Command.Ended made = Command.of(
                        server.home(),
                        PROBE_LIMIT,
                        user.wrap(List.of(
                                server.program("initdb").toString(),
                                "--pgdata=" + data,
                                "--username=probe",
                                "--auth=reject",
                                "--encoding=UTF8",
                                "--no-locale",
                                "--no-sync",
                                "--no-instructions")))
                .run();
        if (!made.succeeded()) {
            throw new EmbeddedFailure("PostgreSQL's initdb failed in " + data + ": " + made.complaint());
        }
        return Command.of(
                        server.home(),
                        PROBE_LIMIT,
                        user.wrap(List.of(
                                server.program("postgres").toString(),
                                "--single",
                                "-F",
                                "-D",
                                data.toString(),
                                "postgres")))
                .typing(PROBE)
                .run();
    }

    /**
     * Looks at what came of trying a library.
     *
     * @throws DoesNotLoad if the server looked at it and it does not fit: it never will
     * @throws EmbeddedFailure if nothing is known of it: the server was cut off or killed, or failed for another reason
     */
    static void judge(Path library, Command.Ended ended) throws EmbeddedFailure {
        if (ended.output().contains("\"-11\"")) {
            return;
        }
        String complaint = ended.complaint();
        if (!ended.succeeded() || !UNFIT.matcher(complaint).find()) {
            throw new EmbeddedFailure(library + " could not be tried in PostgreSQL " + PostgresInstallation.VERSION
                    + " (status " + ended.status() + "): " + complaint + "; the next start tries it again");
        }
        throw new DoesNotLoad(library + " does not load in PostgreSQL " + PostgresInstallation.VERSION
                + " on this machine: "
                + complaint
                        .replaceFirst("^.*?(ERROR|FATAL|PANIC):\\s*", "")
                        .replaceFirst("could not load library \"[^\"]*\": ", "")
                        .replaceFirst(" \\(required by [^)]*\\)", ""));
    }

    /** The files are all there, but they are not for this server or this machine. */
    static final class DoesNotLoad extends EmbeddedFailure {
        private static final long serialVersionUID = 1L;

        DoesNotLoad(String message) {
            super(message);
        }
    }
}
