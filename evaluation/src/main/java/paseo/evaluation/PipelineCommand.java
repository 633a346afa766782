package paseo.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the pipeline costs over the least that any system must do: {@code paseo run} against {@link BareLoop} on the
 * same 1080p clip, in turn, in processes of their own. A one-second clip shows what starting costs, so that the rest is
 * the price of a frame.
 */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "CPU and wall time of 'paseo run' against a bare loop (same decoder, same models, one process, no Kafka,",
            "no database) on a 1080p clip made from VIDEO. Linux only."
        })
final class PipelineCommand implements Callable<Integer> {
    private static final int FRAMES_OF_A_START = 25;

    @Parameters(paramLabel = "VIDEO", description = "Video with faces; its frames are enlarged to 1080p.")
    private Path video = Path.of("");

    @Option(names = "--frames", defaultValue = "750", description = "Length of the clip. Default: ${DEFAULT-VALUE}.")
    private int frames;

    @Option(names = "--rounds", defaultValue = "1", description = "How often, in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    /** A round's four runs: each way through the short and the long clip. */
    private record Round(Usage bareStart, Usage bare, Usage pipelineStart, Usage pipeline) {
        double cpuRatio() {
            return pipeline.cpuSeconds() / bare.cpuSeconds();
        }

        double wallRatio() {
            return pipeline.wallSeconds() / bare.wallSeconds();
        }

        /** Without what starting costs on either side. */
        double cpuRatioPerFrame() {
            return (pipeline.cpuSeconds() - pipelineStart.cpuSeconds()) / (bare.cpuSeconds() - bareStart.cpuSeconds());
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paseo-bench");
        try {
            Path start = directory.resolve("start.mp4");
            Path clip = directory.resolve("clip.mp4");
            Clip.write(video, FRAMES_OF_A_START, start);
            Clip.write(video, frames, clip);
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Round round = new Round(
                        bare(start, directory),
                        bare(clip, directory),
                        pipeline(start, directory),
                        pipeline(clip, directory));
                print(round);
                measured.add(round);
            }
            report(measured);
            return 0;
        } finally {
            delete(directory);
        }
    }

    private Usage bare(Path clip, Path directory) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("bench", "bare", clip.toString()));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.evaluation.Main", arguments), directory);
    }

    /** On an empty data directory: a second run would find the file already done. */
    private Usage pipeline(Path clip, Path directory) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(directory, "data");
        List<String> arguments = new ArrayList<>(List.of("run", clip.toString(), "--data", data.toString(), "--quiet"));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.standalone.Main", arguments), directory);
    }

    private static Usage measure(List<String> command, Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Usage usage = Usage.of(command, Map.of(), output);
        if (usage.exitCode() != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with " + usage.exitCode() + ":\n" + Files.readString(output));
        }
        return usage;
    }

    private static void print(Round round) {
        System.out.println("bare loop, start: " + round.bareStart);
        System.out.println("bare loop:        " + round.bare);
        System.out.println("paseo run, start: " + round.pipelineStart);
        System.out.println("paseo run:        " + round.pipeline);
        System.out.printf(
                Locale.ROOT,
                "ratio: CPU %.2f, CPU per frame without the start %.2f, wall %.2f%n",
                round.cpuRatio(),
                round.cpuRatioPerFrame(),
                round.wallRatio());
    }

    private void report(List<Round> measured) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("frames", frames);
        report.put("rounds", rounds);
        report.put("cpu_ratio", median(measured.stream().map(Round::cpuRatio)));
        report.put("cpu_ratio_per_frame", median(measured.stream().map(Round::cpuRatioPerFrame)));
        report.put("wall_ratio", median(measured.stream().map(Round::wallRatio)));
        report.put(
                "peak_bytes",
                measured.stream()
                        .mapToLong(round -> round.pipeline.peakBytes())
                        .max()
                        .orElse(0));
        System.out.println("median " + report);
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(json, mapper.writeValueAsString(report) + "\n");
        }
    }

    private static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
