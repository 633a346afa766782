package paseo.evaluation;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.utils.AppInfoParser;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much is measured, where the numbers go, and what quick ones are compared with. */
final class BenchOutput {
    @Option(
            names = "--quick",
            description =
                    "A short form; ends with 1 where a ratio is more than 20 %% (of searches 30 %%) worse than the one"
                            + " that is kept in the repository.")
    private boolean quick;

    @Option(
            names = "--write-reference",
            paramLabel = "FILE",
            description = "With --quick: write the ratios there instead of comparing them. What is kept is"
                    + " evaluation/src/main/resources/bench/quick.json.")
    private @Nullable Path reference;

    @Mixin
    private BenchFiles files = new BenchFiles();

    boolean quick() {
        return quick;
    }

    /** No numbers yet, but on what they are measured. */
    static BenchNumbers begin() {
        return new BenchNumbers()
                .state("machine", CpuClock.machine())
                .state("load_at_start", load())
                .state("versions.os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .state("versions.java", Runtime.version().toString())
                .state("versions.kafka", AppInfoParser.getVersion())
                .state("versions.ffmpeg", avutil.av_version_info().getString());
    }

    /** What else the machine is at work on: processes that run or wait to, on average over a minute. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Writes the numbers so far. */
    void keep(BenchNumbers numbers) throws IOException {
        files.keep(numbers);
    }

    /** Tells the numbers and gives the exit code: 1 when a quick one has become worse. */
    int end(BenchNumbers numbers) throws IOException {
        numbers.state("form", quick ? "quick" : "full");
        if (!quick) {
            files.write(numbers, List.of());
            return 0;
        }
        QuickReference kept = QuickReference.kept();
        if (reference != null) {
            files.write(numbers, List.of());
            kept.write(numbers, reference);
            return 0;
        }
        List<QuickReference.Check> checks = kept.check(numbers);
        files.write(numbers, checks);
        checks.forEach(check -> System.out.println(check.line()));
        return checks.stream().allMatch(QuickReference.Check::passed) ? 0 : 1;
    }
}
