package paseo.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One place the machine gets its packages from, as its own apt settings have it.
 *
 * @param uri the archive's root, for example {@code http://deb.debian.org/debian}
 * @param suites for example {@code bookworm} and {@code bookworm-updates}
 * @param signedBy the value of Signed-By: a key ring's path, or the keys themselves over several lines; may be empty
 */
record AptSource(String uri, List<String> suites, List<String> components, String signedBy) {
    private static final Set<String> RELEASES = Set.of(
            "buster",
            "bullseye",
            "bookworm",
            "trixie",
            "forky",
            "duke",
            "sid",
            "oldstable",
            "stable",
            "testing",
            "unstable");

    /**
     * Returns the source under {@code apt} (/etc/apt) that is the archive of Debian's releases. Other vendors' archives
     * are divided by the same releases, so the first that looks like Debian's own comes before all others.
     */
    static Optional<AptSource> debian(Path apt) throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(apt.resolve("sources.list"));
        Path parts = apt.resolve("sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> listed = Files.list(parts)) {
                listed.sorted().forEach(files::add);
            }
        }
        List<AptSource> found = new ArrayList<>();
        for (Path file : files) {
            if (Files.isReadable(file)) {
                in(file).stream().filter(AptSource::hasReleases).forEach(found::add);
            }
        }
        return found.stream()
                .filter(AptSource::isDebiansOwn)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    private static List<AptSource> in(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".list")) {
            return oneLine(Files.readAllLines(file));
        }
        return name.endsWith(".sources") ? deb822(Files.readAllLines(file)) : List.of();
    }

    /** The updates and security archives have suites of other names ({@code bookworm-security}). */
    private boolean hasReleases() {
        return components.contains("main") && suites.stream().anyMatch(RELEASES::contains);
    }

    /** Mirrors keep the archive's path, copies elsewhere its keys. */
    private boolean isDebiansOwn() {
        return uri.matches(".*/debian/*") || signedBy.contains("debian-archive");
    }

    /** Parses {@code deb [option=value ...] uri suite component...}, one source a line. */
    static List<AptSource> oneLine(List<String> lines) {
        List<AptSource> sources = new ArrayList<>();
        for (String line : lines) {
            String text = line.replaceFirst("#.*", "").strip();
            String options = "";
            int open = text.indexOf('[');
            int close = text.indexOf(']');
            if (open > 0 && close > open) {
                options = text.substring(open + 1, close);
                text = text.substring(0, open) + text.substring(close + 1);
            }
            List<String> words = List.of(text.split("\\s+"));
            if (words.size() >= 4 && words.get(0).equals("deb")) {
                sources.add(new AptSource(
                        words.get(1), List.of(words.get(2)), words.subList(3, words.size()), signedBy(options)));
            }
        }
        return sources;
    }

    private static String signedBy(String options) {
        for (String option : options.strip().split("\\s+", -1)) {
            if (option.startsWith("signed-by=")) {
                return option.substring("signed-by=".length());
            }
        }
        return "";
    }

    /** Parses paragraphs of {@code Field: value} lines, with values that go on in indented lines. */
    static List<AptSource> deb822(List<String> lines) {
        List<AptSource> sources = new ArrayList<>();
        Map<String, String> fields = new LinkedHashMap<>();
        String field = "";
        for (String line : Stream.concat(lines.stream(), Stream.of("")).toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                source(fields).ifPresent(sources::add);
                fields.clear();
            } else if (Character.isWhitespace(line.charAt(0))) {
                fields.merge(field, "\n" + line, String::concat);
            } else if (line.indexOf(':') > 0) {
                field = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                fields.put(field, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return sources;
    }

    private static Optional<AptSource> source(Map<String, String> fields) {
        boolean enabled = !fields.getOrDefault("enabled", "yes").equalsIgnoreCase("no");
        if (!enabled
                || !words(fields, "types").contains("deb")
                || words(fields, "uris").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AptSource(
                words(fields, "uris").get(0),
                words(fields, "suites"),
                words(fields, "components"),
                fields.getOrDefault("signed-by", "")));
    }

    private static List<String> words(Map<String, String> fields, String field) {
        String value = fields.getOrDefault(field, "").strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+"));
    }
}
