package paseo.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the pipeline costs over the least that any system must do: {@code paseo run} with decoded frames and with access
 * units against {@link BareLoop} on the same 1080p clips, in turn, in processes of their own: a minute, as users have
 * it; ten seconds, where starting weighs more; and one second, which shows what starting costs, so that the rest is the
 * price of a frame. And how long after a camera's picture was taken its faces are known.
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
    private static final String DECODED = "pipeline.cpu_ratio.decoded";
    private static final String PACKETS = "pipeline.cpu_ratio.packets";

    /** Ratios of ten seconds of video, as {@code --quick --json} wrote them. */
    private static final String KEPT = "/bench/pipeline-quick.json";

    private static final double TOLERANCE = 1.2;
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

    @Option(
            names = "--quick",
            description = "Ten seconds of video once and no latency; ends with 1 where a ratio of CPU is more than 20 %"
                    + " above the one that is kept in the repository.")
    private boolean quick;

    @Option(names = "--rounds", defaultValue = "1", description = "How often, in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    /** One clip in all ways, one right after the other. */
    private record Trial(Usage bare, Usage decoded, Usage packets) {
        double decodedRatio() {
            return decoded.cpuSeconds() / bare.cpuSeconds();
        }

        double packetsRatio() {
            return packets.cpuSeconds() / bare.cpuSeconds();
        }

        void print(String clip) {
            System.out.println(clip + ", bare loop:     " + bare);
            System.out.println(clip + ", run, decoded:  " + decoded);
            System.out.println(clip + ", run, packets:  " + packets);
            System.out.printf(
                    Locale.ROOT,
                    "%s, ratio of CPU:  decoded %.2f, packets %.2f; of time: decoded %.2f%n",
                    clip,
                    decodedRatio(),
                    packetsRatio(),
                    decoded.wallSeconds() / bare.wallSeconds());
        }
    }

    private record Round(Trial start, Trial shortClip, Trial longClip) {
        /** Without what starting costs on either side. */
        double cpuRatioPerFrame(Function<Trial, Usage> way) {
            return (way.apply(longClip).cpuSeconds() - way.apply(start).cpuSeconds())
                    / (longClip.bare.cpuSeconds() - start.bare.cpuSeconds());
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paseo-bench");
        try {
            return quick ? compare(directory) : measure(directory);
        } finally {
            Directories.delete(directory);
        }
    }

    private int measure(Path directory) throws IOException, InterruptedException {
        Path first = clip(directory, "first", FRAMES_OF_A_FIRST_RUN);
        Path start = clip(directory, "start", FRAMES_OF_A_START);
        Path shortClip = clip(directory, "short", FRAMES_OF_A_SHORT_CLIP);
        Path longClip = clip(directory, "long", frames);
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            // A file that is already in the data directory is not looked at again.
            Path data = Files.createTempDirectory(directory, "data");
            System.out.println("first run on an empty data directory: " + pipeline(first, data, directory, "decoded"));
            Round round = new Round(
                    trial("1 s", start, data, directory),
                    trial("10 s", shortClip, data, directory),
                    trial(Math.round(frames / 25.0) + " s", longClip, data, directory));
            measured.add(round);
        }
        GlassToEvent.Times latency = new CameraLatency(directory, packs.arguments()).measure(video);
        System.out.println("from a camera at 25 frames/s to its faces: " + latency);
        report(measured, latency);
        return 0;
    }

    /** Against the numbers that are kept; whatever the machine, both sides of a ratio run on it. */
    private int compare(Path directory) throws IOException, InterruptedException {
        Path first = clip(directory, "first", FRAMES_OF_A_FIRST_RUN);
        Path shortClip = clip(directory, "short", FRAMES_OF_A_SHORT_CLIP);
        Path data = Files.createTempDirectory(directory, "data");
        System.out.println("first run on an empty data directory: " + pipeline(first, data, directory, "decoded"));
        Trial trial = trial("10 s", shortClip, data, directory);
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios.put(DECODED, trial.decodedRatio());
        ratios.put(PACKETS, trial.packetsRatio());
        write(ratios);
        JsonNode kept;
        try (InputStream in = Objects.requireNonNull(PipelineCommand.class.getResourceAsStream(KEPT))) {
            kept = new ObjectMapper().readTree(in);
        }
        List<String> regressions = new ArrayList<>();
        ratios.forEach((key, ratio) -> {
            double before = kept.path(key).asDouble();
            if (ratio > TOLERANCE * before) {
                regressions.add(String.format(Locale.ROOT, "%s is %.2f, %.2f is kept", key, ratio, before));
            }
        });
        regressions.forEach(line -> System.out.println("regression: " + line));
        return regressions.isEmpty() ? 0 : 1;
    }

    private Path clip(Path directory, String name, int length) throws IOException {
        Path clip = directory.resolve(name + ".mp4");
        Clip.write(video, length, clip);
        return clip;
    }

    private Trial trial(String name, Path clip, Path data, Path directory) throws IOException, InterruptedException {
        Trial trial = new Trial(
                bare(clip, directory),
                pipeline(clip, data, directory, "decoded"),
                pipeline(clip, data, directory, "packets"));
        trial.print(name);
        return trial;
    }

    private Usage bare(Path clip, Path directory) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("bench", "bare", clip.toString()));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.evaluation.Main", arguments), directory);
    }

    private Usage pipeline(Path clip, Path data, Path directory, String carry)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "run", clip.toString(), "--data", data.toString(), "--carry", carry, "--listen", "off", "--quiet"));
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

    private void report(List<Round> measured, GlassToEvent.Times latency) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("frames", frames);
        report.put("rounds", rounds);
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("java", System.getProperty("java.version"));
        report.put(DECODED, median(measured, round -> round.longClip.decodedRatio()));
        report.put(PACKETS, median(measured, round -> round.longClip.packetsRatio()));
        report.put(DECODED + ".10_s", median(measured, round -> round.shortClip.decodedRatio()));
        report.put(PACKETS + ".10_s", median(measured, round -> round.shortClip.packetsRatio()));
        report.put(DECODED + ".per_frame", median(measured, round -> round.cpuRatioPerFrame(Trial::decoded)));
        report.put(PACKETS + ".per_frame", median(measured, round -> round.cpuRatioPerFrame(Trial::packets)));
        report.put(DECODED + ".least", least(measured, round -> round.longClip.decodedRatio()));
        report.put(DECODED + ".most", -least(measured, round -> -round.longClip.decodedRatio()));
        report.put("pipeline.latency_p50_ms", latency.p50());
        report.put("pipeline.latency_p95_ms", latency.p95());
        report.put("start_cpu_seconds", median(measured, round -> round.start.decoded.cpuSeconds()));
        report.put("start_wall_seconds", median(measured, round -> round.start.decoded.wallSeconds()));
        report.put("peak_bytes", -least(measured, round -> -round.longClip.decoded.peakBytes()));
        write(report);
    }

    private void write(Map<String, ?> report) throws IOException {
        System.out.println(report);
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(json, mapper.writeValueAsString(report) + "\n");
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).sorted().toArray()[rounds.size() / 2];
    }

    private static double least(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).min().orElse(Double.NaN);
    }
}
