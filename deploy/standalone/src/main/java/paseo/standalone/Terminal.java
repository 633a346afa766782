package paseo.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command says: findings on standard output; progress, notes and errors on standard error. On a terminal the
 * progress is one line that is written over; elsewhere it is a plain line now and then. Thread-safe.
 */
final class Terminal {
    private static final Duration REFRESH = Duration.ofMillis(250);
    /** Lines that stay are for a log: soon a sign of life, then few. */
    private static final Duration PLAIN_AT_FIRST = Duration.ofSeconds(2);

    private static final Duration PLAIN_LATER = Duration.ofSeconds(10);
    private static final Duration AT_FIRST = Duration.ofSeconds(30);
    private static final Duration SPEED_OVER = Duration.ofSeconds(5);

    private final PrintStream out;
    private final PrintStream err;
    private final boolean refreshing;
    private final boolean quiet;
    private final int width;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Sample first;
    private long lastShown;
    private boolean lineOpen;

    private record Sample(long nanos, long done, double share) {}

    /**
     * A terminal.
     *
     * @param out for findings
     * @param err for everything else
     * @param refreshing whether a line of {@code err} can be written over
     * @param quiet whether progress and notes are left out
     * @param width characters of a line that can be written over
     */
    Terminal(PrintStream out, PrintStream err, boolean refreshing, boolean quiet, int width) {
        this.out = out;
        this.err = err;
        this.refreshing = refreshing;
        this.quiet = quiet;
        this.width = width;
        lastShown = System.nanoTime();
    }

    /**
     * The process's own. A line can be written over where the launcher found standard error to be a terminal and says
     * how wide it is in {@code PASEO_TERMINAL}; not with {@code TERM=dumb}, and not under {@code CI}.
     */
    static Terminal standard(boolean quiet) {
        Map<String, String> environment = System.getenv();
        String width = environment.getOrDefault("PASEO_TERMINAL", "");
        boolean refreshing = width.matches("[1-9][0-9]{1,3}")
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"))
                && !environment.containsKey("CI");
        return new Terminal(System.out, System.err, refreshing, quiet, refreshing ? Integer.parseInt(width) : 0);
    }

    /** Findings. */
    synchronized void print(String text) {
        clearLine();
        out.print(text);
        out.flush();
    }

    /** What takes a while, or where something was put; one line. */
    synchronized void note(String line) {
        if (!quiet) {
            clearLine();
            err.println(line);
        }
    }

    /** What went wrong, and what to do; one line. */
    synchronized void error(String line) {
        clearLine();
        err.println("paseo: " + line);
    }

    /** How far a run is; shown when it is time to. */
    synchronized void progress(Progress progress) {
        long now = System.nanoTime();
        if (quiet || now - lastShown < every(now).toNanos()) {
            return;
        }
        lastShown = now;
        show(progress, now);
    }

    private Duration every(long now) {
        if (refreshing) {
            return REFRESH;
        }
        return first == null || now - first.nanos() < AT_FIRST.toNanos() ? PLAIN_AT_FIRST : PLAIN_LATER;
    }

    /** How far a run has come in the end. */
    synchronized void lastProgress(Progress progress) {
        if (!quiet) {
            show(progress, System.nanoTime());
            if (refreshing) {
                err.println();
                lineOpen = false;
            }
        }
    }

    private void show(Progress progress, long now) {
        Sample sample = new Sample(now, progress.done(), progress.share().orElse(0));
        Sample began = first == null ? sample : first;
        first = began;
        samples.addLast(sample);
        while (samples.size() > 2 && now - samples.getFirst().nanos() > SPEED_OVER.toNanos()) {
            samples.removeFirst();
        }
        Optional<Duration> left = progress.left(began.share(), Duration.ofNanos(now - began.nanos()));
        String line = progress.line(speed(), left);
        if (refreshing) {
            String shown = line.length() >= width ? line.substring(0, width - 1) : line;
            err.print("\r" + shown + "\u001b[K");
            err.flush();
            lineOpen = true;
        } else {
            err.println(line);
        }
    }

    private double speed() {
        Sample from = samples.getFirst();
        Sample to = samples.getLast();
        long nanos = to.nanos() - from.nanos();
        return nanos <= 0 ? 0 : (to.done() - from.done()) * 1e9 / nanos;
    }

    private void clearLine() {
        if (lineOpen) {
            err.print("\r\u001b[K");
            err.flush();
            lineOpen = false;
        }
    }
}
