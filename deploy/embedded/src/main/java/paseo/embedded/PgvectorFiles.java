package paseo.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One pgvector: the library, the control file and the SQL scripts PostgreSQL needs of it.
 *
 * @param version as the control file says, for example {@code 0.8.0}
 * @param scripts {@code vector--*.sql}, the version's own and those that update an older one
 */
record PgvectorFiles(Path library, Path control, List<Path> scripts, String version) {
    private static final Pattern DEFAULT_VERSION =
            Pattern.compile("(?m)^\\s*default_version\\s*=\\s*'([0-9]+)\\.([0-9]+)([.0-9]*)'");

    /**
     * How deep a directory is searched: a build's {@code sql/}, a package's {@code usr/share/postgresql/17/extension}.
     */
    private static final int DEPTH = 7;

    /**
     * Looks for the files in some directories.
     *
     * @throws EmbeddedFailure when they are there, but of a version before 0.8
     */
    static Optional<PgvectorFiles> in(Path... directories) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.find(directory, DEPTH, (file, attributes) -> isOurs(file))) {
                    files.sorted().forEach(found::add);
                }
            }
        }
        Optional<Path> library = named(found, "vector.so");
        Optional<Path> control = named(found, "vector.control");
        if (library.isEmpty() || control.isEmpty()) {
            return Optional.empty();
        }
        String version = version(control.get());
        if (named(found, "vector--" + version + ".sql").isEmpty()) {
            return Optional.empty();
        }
        List<Path> scripts = found.stream()
                .filter(file -> file.toString().endsWith(".sql"))
                .filter(file -> named(found, file.getFileName().toString()).equals(Optional.of(file)))
                .toList();
        return Optional.of(new PgvectorFiles(library.get(), control.get(), scripts, version));
    }

    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return (name.equals("vector.so") || name.equals("vector.control") || name.matches("vector--.*\\.sql"))
                && Files.isRegularFile(file);
    }

    private static Optional<Path> named(List<Path> files, String name) {
        return files.stream()
                .filter(file -> file.getFileName().toString().equals(name))
                .findFirst();
    }

    private static String version(Path control) throws IOException {
        Matcher version = DEFAULT_VERSION.matcher(Files.readString(control));
        if (!version.find()) {
            throw new EmbeddedFailure(control + " names no default_version; is it pgvector's?");
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        String text = major + "." + minor + version.group(3);
        if (major == 0 && minor < 8) {
            throw new EmbeddedFailure(control + " is pgvector " + text + "; Paseo needs 0.8 or later");
        }
        return text;
    }

    /** Names the content: the version and the first digits of a SHA-256 over all files. */
    String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(library));
            digest.update(Files.readAllBytes(control));
            for (Path script : scripts) {
                digest.update(script.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(script));
            }
            return version + "-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
