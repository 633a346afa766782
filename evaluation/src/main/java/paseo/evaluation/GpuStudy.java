package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

/** What a graphics processor does for the worker: its models alone, then everything from the JPEG to the embedding. */
final class GpuStudy {
    static final List<Integer> BATCHES = List.of(1, 2, 4, 8, 16, 32, 64);
    static final int FRAMES = 64;
    static final Duration TIME = Duration.ofSeconds(2);
    private static final int JPEG_QUALITY = 90;
    private static final int LONGEST_SIDE = 1920;
    /** Boxes of one face overlap more than that, whatever computed them. */
    private static final double SAME_FACE = 0.8;
    /** Each shape of a batch is prepared when it is first seen, and the last one may be seen late. */
    private static final int WARM_UP = 10;

    private final Path video;
    private final int frames;
    private final Device device;
    private final Duration time;
    private final PackOptions packs;
    private final BenchNumbers numbers;

    /**
     * Measures nothing yet.
     *
     * @param frames of the video at most
     * @param time for each measurement
     */
    GpuStudy(Path video, int frames, Device device, Duration time, PackOptions packs, BenchNumbers numbers) {
        this.video = video;
        this.frames = frames;
        this.device = device;
        this.time = time;
        this.packs = packs;
        this.numbers = numbers;
    }

    /** Four and eight times as many as there are cores. */
    static List<Integer> threads() {
        int cores = Runtime.getRuntime().availableProcessors();
        return List.of(4 * cores, 8 * cores);
    }

    /**
     * Measures.
     *
     * @param batches sizes of batches for the models alone
     * @param threads of the worker's pipeline on the device
     */
    void measure(List<Integer> batches, List<Integer> threads) throws IOException {
        ModelPack pack = packs.load();
        GpuMeter.name().ifPresent(name -> numbers.state("gpu.device", name));
        numbers.state("gpu.pack", pack.id());
        try (DeviceTrial trial = packs.openTrial(pack, device)) {
            models(trial, batches);
        }
        List<Image> images = images();
        List<List<Face>> onProcessor;
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors(), Device.CPU)) {
            onProcessor = faces(pipeline, images);
            worker("processor", pipeline, images);
        }
        for (int number : threads) {
            try (FacePipeline pipeline = packs.open(pack, number, device)) {
                compare(onProcessor, faces(pipeline, images));
                worker("threads_" + number, pipeline, images);
            }
        }
    }

    private void models(DeviceTrial trial, List<Integer> batches) {
        for (int batch : batches) {
            for (int callers = 1; callers <= 2; callers++) {
                String key = ".batch_" + batch + (callers == 1 ? "" : "_two_callers");
                numbers.put("gpu.detector" + key, trial.detections(batch, callers, time));
                numbers.put("gpu.embedder" + key, trial.embeddings(batch, callers, time));
            }
        }
    }

    /** At least as many pictures at a time as a worker hands over, each of the video's as often as the others. */
    private void worker(String key, FacePipeline pipeline, List<Image> pictures) {
        List<Image> images = new ArrayList<>(pictures);
        while (images.size() < pipeline.framesAtOnce()) {
            images.addAll(pictures);
        }
        for (int i = 0; i < WARM_UP; i++) {
            pipeline.examine(images);
        }
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
            } while (System.nanoTime() - start < 2 * time.toNanos());
            busy = meter.busyPercent();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        numbers.put("gpu.worker." + key + ".frames_per_s", looked / elapsed);
        numbers.put("gpu.worker." + key + ".faces_per_s", found / elapsed);
        numbers.put("gpu.worker." + key + ".cpu_ms_per_frame", (cpuNanos() - cpu) / 1e6 / looked);
        busy.ifPresent(percent -> numbers.put("gpu.worker." + key + ".gpu_busy_percent", percent));
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
        numbers.put("gpu.agreement.faces", faces == 0 ? 1 : (double) same / faces);
        numbers.put("gpu.agreement.least_similarity", least);
    }

    private static double overlap(Box a, Box b) {
        double width = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
        double height = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
        double common = Math.max(0, width) * Math.max(0, height);
        return common / (a.area() + b.area() - common);
    }

    private static List<List<Face>> faces(FacePipeline pipeline, List<Image> images) {
        return pipeline.examine(images).stream().map(GpuStudy::faces).toList();
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
        if (images.isEmpty()) {
            throw new IllegalArgumentException(video + " has no picture to measure with");
        }
        return images;
    }
}
