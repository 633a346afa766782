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
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the pipeline costs over the least that any system must do: {@code paseo run} against {@link BareLoop} on the
 * same 1080p clips, in turn, in processes of their own: a minute, as users have it; ten seconds, where starting weighs
 * more; and one second, which shows what starting costs, so that the rest is the price of a frame.
 *
 * <p>The data directory has been used before: making a database is done once in its life. What that takes is told too.
 */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = {
            "CPU and wall time of 'paseo run' against a bare loop (same decoder, same models, one process, no Kafka,",
            "no database) on 1080p clips made from VIDEO. Run 'paseo demo' before: a build's first run leaves its",
            "classes to later ones. Linux only."
        })
final class PipelineCommand implements Callable<Integer> {
    private static final int FRAMES_OF_A_FIRST_RUN = 5;
    private static final int FRAMES_OF_A_START = 25;
    private static final int FRAMES_OF_A_SHORT_CLIP = 250;

    @Parameters(paramLabel = "VIDEO", description = "Video with faces; its frames are enlarged to 1080p.")
    private Path video = Path.of("");

    @Option(
            names = "--frames",
            defaultValue = "1500",
            description = "Length of the long clip, 25 a second. Default: ${DEFAULT-VALUE}, a minute.")
    private int frames;

    @Option(names = "--rounds", defaultValue = "1", description = "How often, in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    /** One clip both ways, one right after the other. */
    private record Pair(Usage bare, Usage pipeline) {
        double cpuRatio() {
            return pipeline.cpuSeconds() / bare.cpuSeconds();
        }

        double wallRatio() {
            return pipeline.wallSeconds() / bare.wallSeconds();
        }

        void print(String clip) {
            System.out.println(clip + ", bare loop: " + bare);
            System.out.println(clip + ", paseo run: " + pipeline);
            System.out.printf(Locale.ROOT, "%s, ratio:     CPU %.2f, wall %.2f%n", clip, cpuRatio(), wallRatio());
        }
    }

    private record Round(Pair start, Pair shortClip, Pair longClip) {
        /** Without what starting costs on either side. */
        double cpuRatioPerFrame() {
            return (longClip.pipeline.cpuSeconds() - start.pipeline.cpuSeconds())
                    / (longClip.bare.cpuSeconds() - start.bare.cpuSeconds());
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paseo-bench");
        try {
            Path first = clip(directory, "first", FRAMES_OF_A_FIRST_RUN);
            Path start = clip(directory, "start", FRAMES_OF_A_START);
            Path shortClip = clip(directory, "short", FRAMES_OF_A_SHORT_CLIP);
            Path longClip = clip(directory, "long", frames);
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                // A file that is already in the data directory is not looked at again.
                Path data = Files.createTempDirectory(directory, "data");
                System.out.println("first run on an empty data directory: " + pipeline(first, data, directory));
                Round round = new Round(
                        pair("1 s", start, data, directory),
                        pair("10 s", shortClip, data, directory),
                        pair(Math.round(frames / 25.0) + " s", longClip, data, directory));
                System.out.printf(
                        Locale.ROOT, "CPU per frame without the start, ratio: %.2f%n", round.cpuRatioPerFrame());
                measured.add(round);
            }
            report(measured);
            return 0;
        } finally {
            delete(directory);
        }
    }

    private Path clip(Path directory, String name, int length) throws IOException {
        Path clip = directory.resolve(name + ".mp4");
        Clip.write(video, length, clip);
        return clip;
    }

    private Pair pair(String name, Path clip, Path data, Path directory) throws IOException, InterruptedException {
        Pair pair = new Pair(bare(clip, directory), pipeline(clip, data, directory));
        pair.print(name);
        return pair;
    }

    private Usage bare(Path clip, Path directory) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("bench", "bare", clip.toString()));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.evaluation.Main", arguments), directory);
    }

    private Usage pipeline(Path clip, Path data, Path directory) throws IOException, InterruptedException {
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

    private void report(List<Round> measured) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("frames", frames);
        report.put("rounds", rounds);
        report.put("cpu_ratio", median(measured, round -> round.longClip.cpuRatio()));
        report.put("cpu_ratio_10_s", median(measured, round -> round.shortClip.cpuRatio()));
        report.put("cpu_ratio_per_frame", median(measured, Round::cpuRatioPerFrame));
        report.put("wall_ratio", median(measured, round -> round.longClip.wallRatio()));
        report.put("start_cpu_seconds", median(measured, round -> round.start.pipeline.cpuSeconds()));
        report.put("start_wall_seconds", median(measured, round -> round.start.pipeline.wallSeconds()));
        report.put(
                "peak_bytes",
                measured.stream()
                        .mapToLong(round -> round.longClip.pipeline.peakBytes())
                        .max()
                        .orElse(0));
        System.out.println("median " + report);
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(json, mapper.writeValueAsString(report) + "\n");
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).sorted().toArray()[rounds.size() / 2];
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
