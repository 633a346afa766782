package paseo.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import paseo.evaluation.report.BenchNumbers;
import paseo.inference.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What one more inference worker adds. */
@Command(
        name = "workers",
        mixinStandardHelpOptions = true,
        description = "Frames a second of 1, 2, … inference workers, and the CPU they take, on 1080p frames made from "
                + "VIDEO that wait on as many partitions as there are workers at most; on a graphics processor also "
                + "how busy it was. Linux only.")
final class WorkersCommand implements Callable<Integer> {
    static final int MOST = 2;
    static final int FRAMES = 300;

    @Parameters(paramLabel = "VIDEO", description = "Video with faces; its frames are enlarged to 1080p.")
    private Path video = Path.of("");

    @Option(names = "--most", description = "Workers at most. Default: ${DEFAULT-VALUE}.")
    private int most = MOST;

    @Option(names = "--frames", description = "On each partition. Default: ${DEFAULT-VALUE}.")
    private int frames = FRAMES;

    @Option(names = "--threads", defaultValue = "1", description = "Of each worker. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            paramLabel = "cpu|cuda|tensorrt",
            description = "What computes the models. Default: ${DEFAULT-VALUE}.")
    private Device device = Device.CPU;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private BenchFiles files = new BenchFiles();

    @Override
    public Integer call() throws Exception {
        BenchNumbers numbers = BenchOutput.begin();
        Directories.with(directory -> new WorkersStudy(video, most, frames, packs)
                .with(threads, device)
                .measure(directory, numbers));
        files.write(numbers, List.of());
        return 0;
    }
}
