package paseo.evaluation;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import paseo.evaluation.report.BenchNumbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the pipeline costs over a bare loop, and how long after a camera's picture was taken its faces are known. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description =
                "CPU and wall time of 'paseo run' against a bare loop (same decoder, same models, one process, no "
                        + "Kafka, no database) on 1080p clips made from VIDEO, of one second, ten seconds and --frames; then "
                        + "how long after a camera's picture was taken its faces are known. With --quick: five seconds of "
                        + "video, twice, and no camera. Run 'paseo demo' before: a build's first run leaves its classes to "
                        + "later ones. Linux only.")
final class PipelineCommand implements Callable<Integer> {
    /** A minute. */
    static final int FRAMES = 1_500;

    @Parameters(paramLabel = "VIDEO", description = "Video with faces; its frames are enlarged to 1080p.")
    private Path video = Path.of("");

    @Option(
            names = "--frames",
            description = "Length of the long clip, 25 a second. Default: ${DEFAULT-VALUE}, a minute.")
    private int frames = FRAMES;

    @Option(names = "--rounds", defaultValue = "1", description = "How often, in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        BenchNumbers numbers = BenchOutput.begin();
        Directories.with(directory -> {
            PipelineStudy study = new PipelineStudy(video, packs, directory, numbers);
            if (output.quick()) {
                study.quick();
            } else {
                study.full(frames, rounds);
                study.latency();
            }
        });
        return output.end(numbers);
    }
}
