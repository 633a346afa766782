package paseo.frames;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which cameras have ended this program before. When native code crashes, Java writes a report that begins with the
 * name of the thread, and each camera has a thread of its own ({@code camera-ID}). Whoever starts the program again
 * would have it crash again: a camera that has done so three times within a day is left alone for ten minutes, and for
 * twice as long after each further time, up to half a day, so that the others are watched.
 *
 * <p>The reports are kept where {@code -XX:ErrorFile=DIRECTORY/NAME} says; without that option nothing is remembered.
 */
final class CrashReports {
    private static final Logger log = LoggerFactory.getLogger(CrashReports.class);
    private static final String OPTION = "-XX:ErrorFile=";
    private static final int PATIENCE = 3;
    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration REMEMBERED = Duration.ofDays(1);
    /** The thread is named within the first of some hundred lines. */
    private static final int LINES = 60;

    private static final Pattern THREAD =
            Pattern.compile("Current thread \\(0x[0-9a-f]+\\): +JavaThread \"camera-([^\"]+)\".*");
    private static final String KEPT = "camera-crash-";

    private final List<Crash> crashes;

    /** When a camera's thread crashed. */
    private record Crash(String camera, Instant time) {}

    private CrashReports(List<Crash> crashes) {
        this.crashes = crashes;
    }

    /** Those of this process's predecessors. */
    static CrashReports ofPredecessors() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(OPTION))
                .reduce((first, last) -> last)
                .map(argument -> Path.of(argument.substring(OPTION.length())).toAbsolutePath())
                .map(file -> read(requireNonNull(file.getParent(), "a file has a directory"), Instant.now()))
                .orElseGet(() -> new CrashReports(List.of()));
    }

    /**
     * Those in a directory. Java names reports by process, and in a container every process is the first: they get
     * names that the next report does not overwrite. Those of more than a day ago are deleted.
     */
    static CrashReports read(Path directory, Instant now) {
        List<Crash> crashes = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return new CrashReports(crashes);
        }
        try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "*.log")) {
            for (Path report : reports) {
                crash(report, now).ifPresent(crashes::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.warn("cannot read the reports of crashes in {}: {}", directory, e.toString());
        }
        return new CrashReports(crashes);
    }

    /** One that cannot be read must not hide the others. */
    private static Optional<Crash> crash(Path report, Instant now) {
        try {
            Optional<String> camera = camera(report);
            if (camera.isEmpty()) {
                return Optional.empty();
            }
            Instant time = Files.getLastModifiedTime(report).toInstant();
            if (time.isBefore(now.minus(REMEMBERED))) {
                Files.delete(report);
                return Optional.empty();
            }
            if (!report.getFileName().toString().startsWith(KEPT)) {
                Files.move(report, report.resolveSibling(KEPT + time.toEpochMilli() + ".log"));
            }
            return Optional.of(new Crash(camera.get(), time));
        } catch (NoSuchFileException e) {
            log.debug("another producer has taken the report {}", report, e);
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            log.warn("cannot read the report of a crash {}: {}", report, e.toString());
            return Optional.empty();
        }
    }

    private static Optional<String> camera(Path report) throws IOException {
        // A report may hold bytes of memory in any encoding.
        try (BufferedReader lines = Files.newBufferedReader(report, StandardCharsets.ISO_8859_1)) {
            return lines.lines()
                    .limit(LINES)
                    .map(THREAD::matcher)
                    .filter(Matcher::matches)
                    .map(match -> match.group(1))
                    .findFirst();
        }
    }

    /**
     * How long a camera is to be left alone from now on.
     *
     * @return zero for one that has not crashed often
     */
    Duration quarantine(String camera, Instant now) {
        List<Instant> times = crashes.stream()
                .filter(crash -> crash.camera().equals(camera))
                .map(Crash::time)
                .sorted(Comparator.naturalOrder())
                .toList();
        if (times.size() < PATIENCE) {
            return Duration.ZERO;
        }
        int doublings = Math.min(times.size() - PATIENCE, 10);
        Duration doubled = FIRST.multipliedBy(1L << doublings);
        Duration wait = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        Duration left = Duration.between(now, times.get(times.size() - 1).plus(wait));
        // Where the clock was set back since, the crash is still to come.
        Duration most = left.compareTo(wait) < 0 ? left : wait;
        return most.isNegative() ? Duration.ZERO : most;
    }
}
