package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import paseo.inference.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Cost: everything in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            PipelineCommand.class,
            MatcherCommand.class,
            LatencyCommand.class,
            WorkersCommand.class,
            StreamsCommand.class,
            GpuCommand.class,
            BareLoop.class
        },
        description =
                "Measures cost, as ratios side by side in one run: without a subcommand all of it, in an hour or so "
                        + "on two quiet cores. Each number comes with the range of its rounds. What cannot be measured is "
                        + "told at the end, with exit code 1; the other numbers are written all the same. With --quick: "
                        + "pipeline, matcher and streams in short, within five minutes, compared with the ratios that are "
                        + "kept in the repository. Linux only.")
final class BenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;
    private static final int QUICK_RECORDS = 24_000;

    @Option(
            names = "--video",
            paramLabel = "VIDEO",
            description = "Video with faces. Default: ../shared/videos/intel_reid_full.mp4 beside the checkout.")
    private Path video = shared("videos/intel_reid_full.mp4");

    @Option(
            names = "--faces",
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file. Default: ../shared/faces/photographs.tar"
                    + " beside the checkout.")
    private Path faces = shared("faces/photographs.tar");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description =
                    "Of pipeline, latency, matcher, streams, workers, gpu. Default: all, gpu where nvidia-smi finds one;"
                            + " with --quick pipeline, matcher, streams.")
    private @Nullable List<Part> only;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private BenchOutput output = new BenchOutput();

    /** The parts in their order, with about the minutes they take on two quiet cores. */
    enum Part {
        PIPELINE(24, 1.5),
        LATENCY(3, 0),
        MATCHER(22, 1),
        STREAMS(4, 0.5),
        WORKERS(3, 0),
        /** Where there is one. */
        GPU(3, 0);

        private final double minutes;
        private final double quickMinutes;

        Part(double minutes, double quickMinutes) {
            this.minutes = minutes;
            this.quickMinutes = quickMinutes;
        }

        double minutes(boolean quick) {
            return quick ? quickMinutes : minutes;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchNumbers numbers = BenchOutput.begin();
        List<Part> parts = parts();
        List<String> failed = new ArrayList<>();
        double expected = 0;
        long start = System.nanoTime();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            tell(parts, i, expected, System.nanoTime() - start);
            expected += part.minutes(output.quick());
            try {
                Directories.with(directory -> measure(part, directory, numbers));
            } catch (IOException | RuntimeException e) {
                failed.add(part + ": " + e.getMessage());
                numbers.state("failed." + part, String.valueOf(e.getMessage()));
            }
            output.keep(numbers);
        }
        int code = output.end(numbers);
        failed.forEach(failure -> System.err.println("paseo: not measured: " + failure));
        return failed.isEmpty() ? code : 1;
    }

    private List<Part> parts() {
        if (only != null) {
            return List.copyOf(only);
        }
        return Arrays.stream(Part.values())
                .filter(part -> part.minutes(output.quick()) > 0)
                .filter(part -> part != Part.GPU || GpuMeter.name().isPresent())
                .toList();
    }

    /** What is left is what was expected, as many times longer as what is done took. */
    private void tell(List<Part> parts, int next, double expected, long nanos) {
        double left = parts.subList(next, parts.size()).stream()
                .mapToDouble(part -> part.minutes(output.quick()))
                .sum();
        double slower = next == 0 || expected == 0 ? 1 : nanos / 6e10 / expected;
        System.err.printf(
                Locale.ROOT,
                "%d of %d: %s; about %.0f min left%n",
                next + 1,
                parts.size(),
                parts.get(next),
                Math.ceil(left * slower));
    }

    private void measure(Part part, Path directory, BenchNumbers numbers) throws IOException, InterruptedException {
        boolean quick = output.quick();
        long start = System.nanoTime();
        numbers.state(part + ".load_at_start", BenchOutput.load());
        switch (part) {
            case PIPELINE -> {
                PipelineStudy study = new PipelineStudy(readable(video, "--video"), packs, directory, numbers);
                if (quick) {
                    study.quick();
                } else {
                    study.full(PipelineCommand.FRAMES, ROUNDS);
                }
            }
            case LATENCY -> new PipelineStudy(readable(video, "--video"), packs, directory, numbers).latency();
            case MATCHER -> {
                MatcherStudy study = new MatcherStudy(readable(faces, "--faces"), packs, directory, numbers);
                if (quick) {
                    study.quick();
                } else {
                    study.full(MatcherCommand.SIZES);
                }
            }
            case STREAMS ->
                new StreamsStudy(quick ? QUICK_RECORDS : StreamsCommand.RECORDS, directory, numbers)
                        .measure(quick ? StreamsCommand.QUICK_CAMERAS : StreamsCommand.CAMERAS);
            case WORKERS ->
                new WorkersStudy(readable(video, "--video"), WorkersCommand.MOST, WorkersCommand.FRAMES, packs)
                        .measure(directory, numbers);
            case GPU ->
                new GpuStudy(readable(video, "--video"), GpuStudy.FRAMES, Device.CUDA, GpuStudy.TIME, packs, numbers)
                        .measure(GpuStudy.BATCHES, GpuStudy.threads());
        }
        numbers.put(part + ".measured_in_s", (System.nanoTime() - start) / 1e9);
    }

    private static Path readable(Path file, String option) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("there is no " + file + ": name another by " + option);
        }
        return file;
    }

    private static Path shared(String file) {
        String root = System.getenv("PASEO_ROOT");
        return Path.of(root == null ? "" : root)
                .toAbsolutePath()
                .resolveSibling("shared")
                .resolve(file);
    }
}
