package paseo.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** CPU time of work that this thread and the servers below this process do together, and where it was measured. */
final class CpuClock {
    private CpuClock() {}

    /** Seconds so far, of this thread and of the first thread of all processes that this one has started. */
    static double seconds() {
        long servers =
                ProcessHandle.current().descendants().mapToLong(CpuClock::nanos).sum();
        return threadSeconds() + servers / 1e9;
    }

    /**
     * As the scheduler counts: what Java says of other processes is in hundredths of a second, as long as ten searches.
     */
    private static long nanos(ProcessHandle process) {
        try {
            String counted = Files.readString(Path.of("/proc/" + process.pid() + "/schedstat"));
            return Long.parseLong(counted.split(" ", 2)[0]);
        } catch (IOException | NumberFormatException e) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
    }

    /** Seconds so far, of this thread alone. */
    static double threadSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    /** Processor, cores and Java. */
    static String machine() {
        return String.format(
                Locale.ROOT,
                "%s, %d cores, Java %s",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
    }

    private static String processor() {
        try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/cpuinfo"))) {
            return lines.lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
