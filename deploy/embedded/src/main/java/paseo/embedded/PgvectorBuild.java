package paseo.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Builds pgvector for the embedded server from Debian's source package and Debian's PostgreSQL headers, with the
 * machine's C compiler: about 20 s, no root, no {@code pg_config}. The upstream archive in it is pinned by checksum.
 */
final class PgvectorBuild {
    static final String VERSION = "0.8.0";

    /** The Debian release with this pgvector and PostgreSQL 17. */
    private static final String SUITE = "trixie";

    private static final String SHA256 = "867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0";

    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");

    private static final Duration COMPILE_LIMIT = Duration.ofMinutes(3);

    /** What pgvector's own Makefile and PostgreSQL's build use, without what depends on the building machine. */
    private static final List<String> FLAGS = List.of(
            "-O2",
            "-ftree-vectorize",
            "-fassociative-math",
            "-fno-signed-zeros",
            "-fno-trapping-math",
            "-fno-math-errno",
            "-fno-strict-aliasing",
            "-fwrapv",
            "-fexcess-precision=standard",
            "-fPIC",
            "-fvisibility=hidden",
            "-D_GNU_SOURCE");

    private PgvectorBuild() {}

    /**
     * Fetches and builds in {@code work} and leaves library, control file, script and licence in {@code target}.
     *
     * @throws EmbeddedFailure with the reason, to be completed with the ways out
     */
    static void into(Path target, Path work) throws IOException {
        String compiler = COMPILERS.stream()
                .filter(Command::exists)
                .findFirst()
                .orElseThrow(() -> new EmbeddedFailure("this machine has no C compiler (cc, gcc or clang)"));
        AptDownload apt = AptDownload.open(Files.createDirectories(work.resolve("apt")), SUITE);
        Path headers = work.resolve("headers");
        apt.unpack("postgresql-server-dev-17", headers);
        apt.source("pgvector");
        Path source = Files.createDirectories(work.resolve("source"));
        unpack(verified(only(work.resolve("apt"), "pgvector_*.orig.tar.gz")), source);
        compile(compiler, source, headers.resolve("usr/include/postgresql/17/server"), target);
        Files.copy(source.resolve("vector.control"), target.resolve("vector.control"));
        Files.copy(source.resolve("sql/vector.sql"), target.resolve("vector--" + VERSION + ".sql"));
        Files.copy(source.resolve("LICENSE"), target.resolve("LICENSE"));
    }

    private static Path verified(Path archive) throws IOException {
        try (InputStream in = Files.newInputStream(archive)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(in.readAllBytes());
            String sum = HexFormat.of().formatHex(digest.digest());
            if (!sum.equals(SHA256)) {
                throw new EmbeddedFailure("the archive now has " + archive.getFileName() + " with SHA-256 " + sum
                        + " where pgvector " + VERSION + " with " + SHA256 + " was expected");
            }
            return archive;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unpack(Path archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                Path name = Path.of(entry.getName());
                if (!entry.isFile() || name.getNameCount() < 2) {
                    continue;
                }
                Path file = target.resolve(name.subpath(1, name.getNameCount())).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException(archive + " has a file outside of itself: " + name);
                }
                Files.createDirectories(target.resolve(file).getParent());
                Files.copy(tar, file);
            }
        }
    }

    private static void compile(String compiler, Path source, Path headers, Path target) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(source.resolve("src"))) {
            files = listed.filter(file -> file.toString().endsWith(".c"))
                    .sorted()
                    .toList();
        }
        List<String> link = new ArrayList<>(List.of(compiler, "-shared", "-s", "-o"));
        link.add(target.resolve("vector.so").toString());
        ExecutorService compilers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<Path>> parts = files.stream()
                    .map(file -> compilers.submit(() -> compileOne(compiler, source, headers, file)))
                    .toList();
            for (Future<Path> part : parts) {
                link.add(part.get().toString());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pgvector was built", e);
        } finally {
            compilers.shutdownNow();
        }
        link.addAll(List.of("-lm", "-Wl,--as-needed", "-Wl,-z,relro", "-Wl,-z,now"));
        compilerRun(source, link);
    }

    private static Path compileOne(String compiler, Path source, Path headers, Path file) throws IOException {
        Path part = Path.of(file.toString().replaceFirst("\\.c$", ".o"));
        List<String> line = new ArrayList<>();
        line.add(compiler);
        line.addAll(FLAGS);
        line.addAll(List.of("-ffile-prefix-map=" + source + "=.", "-ffile-prefix-map=" + headers + "=pg"));
        line.addAll(List.of("-I" + source, "-I" + headers, "-c", file.toString(), "-o", part.toString()));
        compilerRun(source, line);
        return part;
    }

    private static void compilerRun(Path directory, List<String> line) throws IOException {
        Command.Ended ended = Command.of(directory, COMPILE_LIMIT, line).run();
        if (!ended.succeeded()) {
            throw new EmbeddedFailure("the C compiler " + line.get(0) + " failed (" + ended.complaint()
                    + "); are the C library's headers installed?");
        }
    }

    /** Returns the one file of a directory that matches. */
    static Path only(Path directory, String pattern) throws IOException {
        List<Path> matches = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
            files.forEach(matches::add);
        }
        if (matches.size() != 1) {
            throw new EmbeddedFailure(
                    "the archive gave " + matches.size() + " files " + pattern + " where one was" + " expected");
        }
        return matches.get(0);
    }
}
