package paseo.standalone;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import paseo.frames.SourceStatus;

/**
 * How far a run is, at one moment.
 *
 * @param sources all inputs
 * @param sourcesEnded those that have been read to their end, or failed
 * @param beginning name of the next one, while it is read through for its checksum and nothing has been seen of it
 * @param read frames decoded so far
 * @param published frames that were sent to the workers in this run
 * @param processed frames that came back from the workers in this run
 * @param expected frames of all inputs, where known
 * @param faces detected in this run
 * @param sequences closed in this run
 * @param people in the gallery
 */
record Progress(
        int sources,
        int sourcesEnded,
        Optional<String> beginning,
        long read,
        long published,
        long processed,
        OptionalLong expected,
        long faces,
        long sequences,
        long people) {
    /** Below this share the time left would be a guess. */
    private static final double ENOUGH_TO_JUDGE = 0.02;

    /** Whether an input has been read to its end, or failed. */
    static boolean ended(SourceStatus source) {
        return source.state() == SourceStatus.State.DONE || source.state() == SourceStatus.State.FAILED;
    }

    /**
     * Frames of all inputs: one that has not been opened yet is taken to be as long as the others. One that ended
     * without a frame, as one does that an earlier run has read, says nothing of how long they are.
     */
    static OptionalLong expected(List<SourceStatus> sources) {
        long total = 0;
        long measured = 0;
        long waiting = 0;
        for (SourceStatus source : sources) {
            if (source.state() == SourceStatus.State.WAITING) {
                waiting++;
            } else if (!ended(source) && source.framesExpected().isEmpty()) {
                return OptionalLong.empty();
            } else if (!ended(source) || source.framesRead() > 0) {
                total += ended(source)
                        ? source.framesRead()
                        : Math.max(source.framesRead(), source.framesExpected().orElse(0));
                measured++;
            }
        }
        return measured == 0 ? OptionalLong.empty() : OptionalLong.of(total + total * waiting / measured);
    }

    /** Frames that are finished: read, and not on their way through the workers. */
    long done() {
        return Math.max(0, read - Math.max(0, published - processed));
    }

    /** Share of the frames that is finished, in [0, 1]; unknown where an input does not say how long it is. */
    OptionalDouble share() {
        if (expected.isEmpty() || expected.getAsLong() <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Math.min(1, (double) done() / expected.getAsLong()));
    }

    /** Time left at the speed since {@code began}, the share of the frames that was finished {@code elapsed} ago. */
    Optional<Duration> left(double began, Duration elapsed) {
        OptionalDouble share = share();
        if (share.isEmpty() || share.getAsDouble() >= 1 || share.getAsDouble() - began < ENOUGH_TO_JUDGE) {
            return Optional.empty();
        }
        double perShare = elapsed.toMillis() / (share.getAsDouble() - began);
        return Optional.of(Duration.ofMillis(Math.round(perShare * (1 - share.getAsDouble()))));
    }

    /**
     * All of it in one line.
     *
     * @param framesPerSecond processed, lately
     * @param left if known
     */
    String line(double framesPerSecond, Optional<Duration> left) {
        StringBuilder line = new StringBuilder();
        share().ifPresent(share -> line.append(String.format(Locale.ROOT, "%3.0f %%  ", Math.floor(share * 100))));
        if (sources > 1) {
            line.append(String.format(Locale.ROOT, "input %d/%d  ", Math.min(sourcesEnded + 1, sources), sources));
        }
        beginning.ifPresent(name -> line.append("reading through ").append(name).append("  "));
        line.append(String.format(Locale.ROOT, "frames %,d decoded, %,d processed  ", read, done()));
        line.append(String.format(Locale.ROOT, "%.1f fps  ", framesPerSecond));
        line.append(counted(faces, "face", "faces")).append("  ");
        line.append(counted(sequences, "sequence", "sequences")).append("  ");
        line.append(counted(people, "person", "people"));
        left.ifPresent(time -> line.append("  ").append(clock(time)).append(" left"));
        return line.toString();
    }

    /** A number with its noun: "1 person", "1,200 people". */
    static String counted(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    private static String clock(Duration time) {
        long seconds = time.plusMillis(500).toSeconds();
        return seconds >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
