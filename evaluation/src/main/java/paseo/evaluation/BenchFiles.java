package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import picocli.CommandLine.Option;

/** Where the numbers go. */
final class BenchFiles {
    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there.")
    private @Nullable Path html;

    /** Writes the numbers so far: a measurement that takes an hour may be ended from outside. */
    void keep(BenchNumbers numbers) throws IOException {
        if (json != null) {
            numbers.write(json);
        }
    }

    /** Prints the numbers and writes them where they are wanted. */
    void write(BenchNumbers numbers, List<QuickReference.Check> checks) throws IOException {
        numbers.state("load_at_end", BenchOutput.load());
        BenchKeys.describe(numbers);
        System.out.print(numbers.json());
        keep(numbers);
        if (html != null) {
            Files.writeString(html, BenchReport.of(numbers, checks));
        }
    }
}
