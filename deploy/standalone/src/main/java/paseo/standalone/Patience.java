package paseo.standalone;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long a run may stand still. A file is read through for its checksum before anything is seen of it, so the next
 * one gets the time that its size may take.
 */
final class Patience {
    /** Longer than a consumer group takes to notice a member that died. */
    private static final Duration STANDING = Duration.ofMinutes(3);

    /** Slower than any disk or network that a video is run from. */
    private static final long LEAST_BYTES_PER_SECOND = 5_000_000;

    private final List<String> inputs;
    private Progress last;
    private long moved;

    /**
     * Patience from now on.
     *
     * @param inputs of the run
     * @param first how far it is
     * @param nanos by {@link System#nanoTime}
     */
    Patience(List<String> inputs, Progress first, long nanos) {
        this.inputs = List.copyOf(inputs);
        last = first;
        moved = nanos;
    }

    /** How long nothing has moved, once that is too long. */
    Optional<Duration> exceeded(Progress progress, long nanos) {
        if (!progress.equals(last)) {
            last = progress;
            moved = nanos;
        }
        Duration still = Duration.ofNanos(nanos - moved);
        boolean tooLong = still.compareTo(STANDING) > 0
                && still.compareTo(STANDING.plus(
                                progress.beginning().map(this::reading).orElse(Duration.ZERO)))
                        > 0;
        return tooLong ? Optional.of(still) : Optional.empty();
    }

    private Duration reading(String name) {
        long bytes = InputFiles.named(name, inputs).stream()
                .map(Path::toFile)
                .mapToLong(File::length)
                .max()
                .orElse(0);
        return Duration.ofSeconds(bytes / LEAST_BYTES_PER_SECOND);
    }
}
