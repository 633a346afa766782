package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import paseo.evaluation.report.BenchNumbers;
import paseo.inference.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A graphics processor. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        description =
                "Pictures per second of a pack's detector and embedder alone on a graphics processor at each batch "
                        + "size, with one caller and with two, copies to and fro included; then of the worker's whole "
                        + "pipeline on the JPEG frames of VIDEO with each number of threads, beside the processor's; how busy "
                        + "nvidia-smi says the graphics processor was; and how alike the embeddings of both are. Needs a "
                        + "build with -Pgpu.")
final class GpuCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VIDEO", description = "Video with faces.")
    private Path video = Path.of("");

    @Option(
            names = "--device",
            defaultValue = "CUDA",
            paramLabel = "cuda|tensorrt|cpu",
            description = "What computes the models. Default: ${DEFAULT-VALUE}.")
    private Device device = Device.CUDA;

    @Option(
            names = "--batches",
            split = ",",
            paramLabel = "N",
            description = "Pictures computed together. Default: 1, 2, 4, 8, 16, 32 and 64.")
    private List<Integer> batches = GpuStudy.BATCHES;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Frames looked at at once. Default: 4 and 8 times the cores.")
    private List<Integer> threads = GpuStudy.threads();

    @Option(names = "--seconds", defaultValue = "2", description = "For each measurement. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--frames", description = "Of the video at most. Default: ${DEFAULT-VALUE}.")
    private int frames = GpuStudy.FRAMES;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private BenchFiles files = new BenchFiles();

    @Override
    public Integer call() throws IOException {
        BenchNumbers numbers = BenchOutput.begin();
        new GpuStudy(video, frames, device, Duration.ofSeconds(seconds), packs, numbers).measure(batches, threads);
        files.write(numbers, List.of());
        return 0;
    }
}
