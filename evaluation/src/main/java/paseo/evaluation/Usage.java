package paseo.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a command used, with everything it started. Linux only: read from {@code /proc}.
 *
 * @param exitCode of the command
 * @param cpuSeconds user and system time of the command and of its descendants that were waited for
 * @param wallSeconds from start to end
 * @param peakBytes largest proportional set size (shared pages split among their users) of the whole process tree,
 *     sampled
 */
record Usage(int exitCode, double cpuSeconds, double wallSeconds, long peakBytes) {
    private static final long SAMPLE_MILLIS = 250;

    /** Kernel clock ticks per second as seen by user space; 100 on every Linux. */
    private static final double TICKS_PER_SECOND = 100;

    /**
     * Runs a command to its end. Its output goes to a file; another command must not run in this process at the same
     * time.
     *
     * @param environment added to this process's
     */
    static Usage of(List<String> command, Map<String, String> environment, Path output)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        double cpuBefore = childrenCpuSeconds();
        long start = System.nanoTime();
        Process process = builder.start();
        long peak = 0;
        try {
            do {
                peak = Math.max(peak, treeBytes(process.toHandle()));
            } while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS));
        } finally {
            process.destroy();
        }
        double wall = (System.nanoTime() - start) / 1e9;
        return new Usage(process.exitValue(), childrenCpuSeconds() - cpuBefore, wall, peak);
    }

    /** CPU time of all children that were waited for; proc(5), fields 16 and 17 of {@code /proc/self/stat}. */
    private static double childrenCpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
    }

    private static long treeBytes(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                .mapToLong(Usage::bytes)
                .sum();
    }

    private static long bytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            // It ended between being listed and being read.
            return 0;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.1f s CPU, %.1f s wall, %d MiB at most", cpuSeconds, wallSeconds, peakBytes >> 20);
    }
}
