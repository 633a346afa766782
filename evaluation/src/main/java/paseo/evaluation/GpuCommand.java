package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Image;
import paseo.frames.DecodedFrame;
import paseo.frames.JpegEncoder;
import paseo.frames.VideoFile;
import paseo.inference.Device;
import paseo.inference.DeviceTrial;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a graphics processor does for the worker: its models alone, then everything from the JPEG to the embedding. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        description = {
            "Pictures per second of a pack's detector and embedder alone on a graphics processor at each batch size, with",
            "one caller and with two, copies to and fro included; then of the worker's whole pipeline on the JPEG frames",
            "of VIDEO with each number of threads, beside the processor's; how busy nvidia-smi says the graphics",
            "processor was; and how alike the embeddings of both are. Needs a build with -Pgpu."
        })
final class GpuCommand implements Callable<Integer> {
    private static final int JPEG_QUALITY = 90;
    private static final int LONGEST_SIDE = 1920;
    /** Boxes of one face overlap more than that, whatever computed them. */
    private static final double SAME_FACE = 0.8;

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
            defaultValue = "1,2,4,8,16,32,64",
            description = "Pictures computed together. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches = List.of();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Frames looked at at once. Default: 1, 2 and 4 times the cores.")
    private List<Integer> threads = List.of();

    @Option(names = "--seconds", defaultValue = "2", description = "For each measurement. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--frames", defaultValue = "64", description = "Of the video at most. Default: ${DEFAULT-VALUE}.")
    private int frames;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    private final BenchNumbers numbers = new BenchNumbers();

    @Override
    public Integer call() throws IOException {
        ModelPack pack = packs.load();
        state("gpu.machine", CpuClock.machine());
        GpuMeter.name().ifPresent(name -> state("gpu.device", name));
        state("gpu.pack", pack.id());
        try (DeviceTrial trial = packs.openTrial(pack, device)) {
            models(trial);
        }
        List<Image> images = images();
        List<List<Face>> onProcessor;
        int cores = Runtime.getRuntime().availableProcessors();
        try (FacePipeline pipeline = packs.open(pack, cores, Device.CPU)) {
            onProcessor = faces(pipeline, images);
            worker("processor", pipeline, images);
        }
        for (int number : threads.isEmpty() ? List.of(cores, 2 * cores, 4 * cores) : threads) {
            try (FacePipeline pipeline = packs.open(pack, number, device)) {
                compare(onProcessor, faces(pipeline, images));
                worker("threads_" + number, pipeline, images);
            }
        }
        if (json != null) {
            numbers.write(json);
        }
        return 0;
    }

    private void models(DeviceTrial trial) {
        for (int batch : batches) {
            for (int callers = 1; callers <= 2; callers++) {
                Duration time = Duration.ofSeconds(seconds);
                String key = ".batch_" + batch + (callers == 1 ? "" : "_two_callers");
                put("gpu.detector" + key, trial.detections(batch, callers, time));
                put("gpu.embedder" + key, trial.embeddings(batch, callers, time));
            }
        }
    }

    private void worker(String key, FacePipeline pipeline, List<Image> images) {
        long found = 0;
        long looked = 0;
        long start = System.nanoTime();
        long cpu = cpuNanos();
        OptionalDouble busy;
        try (GpuMeter meter = new GpuMeter()) {
            do {
                for (Detections.Content content : pipeline.examine(images)) {
                    found += faces(content).size();
                }
                looked += images.size();
            } while (System.nanoTime() - start
                    < Duration.ofSeconds(2L * seconds).toNanos());
            busy = meter.busyPercent();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        put("gpu.worker." + key + ".frames_per_s", looked / elapsed);
        put("gpu.worker." + key + ".faces_per_s", found / elapsed);
        put("gpu.worker." + key + ".cpu_ms_per_frame", (cpuNanos() - cpu) / 1e6 / looked);
        busy.ifPresent(percent -> put("gpu.worker." + key + ".gpu_busy_percent", percent));
    }

    /** Of this process. */
    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    private void compare(List<List<Face>> expected, List<List<Face>> found) {
        int same = 0;
        int faces = 0;
        double least = 1;
        for (int i = 0; i < expected.size(); i++) {
            for (Face face : expected.get(i)) {
                faces++;
                for (Face other : found.get(i)) {
                    if (overlap(face.box(), other.box()) > SAME_FACE) {
                        same++;
                        if (face.embedding() != null && other.embedding() != null) {
                            least = Math.min(least, face.embedding().similarity(other.embedding()));
                        }
                        break;
                    }
                }
            }
        }
        put("gpu.agreement.faces", faces == 0 ? 1 : (double) same / faces);
        put("gpu.agreement.least_similarity", least);
    }

    private static double overlap(Box a, Box b) {
        double width = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
        double height = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
        double common = Math.max(0, width) * Math.max(0, height);
        return common / (a.area() + b.area() - common);
    }

    private static List<List<Face>> faces(FacePipeline pipeline, List<Image> images) {
        return pipeline.examine(images).stream().map(GpuCommand::faces).toList();
    }

    private static List<Face> faces(Detections.Content content) {
        return content instanceof Detections.Faces faces ? faces.faces() : List.of();
    }

    private List<Image> images() {
        List<Image> images = new ArrayList<>();
        try (VideoFile file = VideoFile.open(video);
                JpegEncoder encoder = new JpegEncoder(JPEG_QUALITY)) {
            for (@Nullable DecodedFrame frame = file.next();
                    frame != null && images.size() < frames;
                    frame = file.next()) {
                images.add(encoder.encode(frame, LONGEST_SIDE));
            }
        }
        return images;
    }

    private void state(String path, String fact) {
        numbers.state(path, fact);
        System.out.printf("%-48s %s%n", path, fact);
    }

    private void put(String path, double value) {
        numbers.put(path, value);
        System.out.printf(Locale.ROOT, "%-48s %.4g%n", path, value);
    }
}
