package paseo.evaluation;

import java.util.List;
import java.util.concurrent.Callable;
import paseo.evaluation.report.BenchNumbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the tracker service digests, exactly once. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description =
                "Records of detections, two people in each, that the tracker service takes per second of its CPU, "
                        + "of 1, 10 and 100 cameras, exactly once on an embedded broker whose own CPU is not counted; and how "
                        + "much CPU that is against a loop that only reads, follows and writes the same records. With "
                        + "--quick: 10 cameras. Linux only.")
final class StreamsCommand implements Callable<Integer> {
    static final List<Integer> CAMERAS = List.of(1, 10, 100);
    static final List<Integer> QUICK_CAMERAS = List.of(10);
    static final int RECORDS = 60_000;

    @Option(
            names = "--records",
            description = "Of all cameras together; a third of them warm the service up. Default: ${DEFAULT-VALUE}.")
    private int records = RECORDS;

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        BenchNumbers numbers = BenchOutput.begin();
        Directories.with(directory ->
                new StreamsStudy(records, directory, numbers).measure(output.quick() ? QUICK_CAMERAS : CAMERAS));
        return output.end(numbers);
    }
}
