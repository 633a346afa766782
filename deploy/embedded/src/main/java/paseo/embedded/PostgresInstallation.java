package paseo.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The unpacked server programs, shared by all data directories. A tree is written under a temporary name and renamed
 * when complete, and never changed afterwards: a name that exists is a whole tree, whoever was killed when.
 *
 * <p>PostgreSQL 17 looks for extensions only in its own tree, so each pgvector gets a tree of its own; its files are
 * hard links to the first one's.
 */
record PostgresInstallation(Path home) {
    /** Of the zonky binaries on the class path; the integration test compares it with the running server. */
    static final String VERSION = "17.11.0";

    static final String TEMPORARY = "unfinished-";

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    Path libraries() {
        return home.resolve("lib").resolve("postgresql");
    }

    Path extensions() {
        return home.resolve("share").resolve("postgresql").resolve("extension");
    }

    /** The programs alone. Needs the lock of {@code directory}. */
    static PostgresInstallation unpack(Path directory) throws IOException {
        Path home = directory.resolve(VERSION);
        if (Files.isDirectory(home)) {
            return new PostgresInstallation(home);
        }
        String archive = "/postgres-linux-" + architecture() + ".txz";
        Path unfinished = temporary(directory);
        try (InputStream resource = PostgresInstallation.class.getResourceAsStream(archive)) {
            if (resource == null) {
                throw new EmbeddedFailure("the PostgreSQL programs for this machine (" + archive
                        + ") are not on the class path; use your own server with --postgres URL");
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource, 1 << 16)))) {
                for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                    unpack(tar, entry, unfinished);
                }
            }
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(unfinished);
        }
        return new PostgresInstallation(home);
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        Path file = root.resolve(entry.getName()).normalize();
        if (!file.startsWith(root)) {
            throw new IOException("the PostgreSQL archive has a file outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(root.resolve(file).getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(file, root.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, file);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static String architecture() throws EmbeddedFailure {
        String system = System.getProperty("os.name", "");
        String machine = System.getProperty("os.arch", "");
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            throw new EmbeddedFailure("the embedded PostgreSQL runs on Linux only, this is " + system
                    + "; use your own server with --postgres URL");
        }
        return switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default ->
                throw new EmbeddedFailure("no embedded PostgreSQL for the processor " + machine
                        + "; use your own server with --postgres URL");
        };
    }

    /**
     * A copy of this tree at {@code target} with the extension's files added; the caller renames it when it proved
     * good.
     */
    PostgresInstallation with(PgvectorFiles pgvector, Path target) throws IOException {
        linkTree(home, target);
        PostgresInstallation tree = new PostgresInstallation(target);
        add(pgvector.library(), tree.libraries().resolve("vector.so"));
        add(pgvector.control(), tree.extensions().resolve("vector.control"));
        for (Path script : pgvector.scripts()) {
            add(script, tree.extensions().resolve(script.getFileName()));
        }
        return tree;
    }

    /** Readable by all, whatever it was: the server may run as nobody. */
    private static void add(Path file, Path target) throws IOException {
        Files.copy(file, target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void linkTree(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(target.resolve(source.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = target.resolve(source.relativize(file));
                if (attributes.isSymbolicLink()) {
                    Files.createSymbolicLink(copy, Files.readSymbolicLink(file));
                } else {
                    link(file, copy);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Some file systems have no hard links; there it costs 60 MB. */
    private static void link(Path file, Path copy) throws IOException {
        try {
            Files.createLink(copy, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** A new empty directory beside the finished ones. */
    static Path temporary(Path directory) throws IOException {
        Path created = Files.createTempDirectory(directory, TEMPORARY);
        Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxr-xr-x"));
        return created;
    }

    /** Removes what a killed process left half done. Needs the lock of {@code directory}. */
    static void sweep(Path directory) throws IOException {
        List<Path> leftovers;
        try (Stream<Path> files = Files.list(directory)) {
            leftovers = files.filter(file -> file.getFileName().toString().startsWith(TEMPORARY))
                    .toList();
        }
        for (Path leftover : leftovers) {
            delete(leftover);
        }
    }

    /** Deletes a tree if it is there. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
                if (fault != null) {
                    throw fault;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
