package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import paseo.evaluation.report.BenchNumbers;

/**
 * What the pipeline costs over the least that any system must do: {@code paseo run} with decoded frames and with access
 * units against {@link BareLoop} on the same 1080p clips, in turn, in processes of their own.
 *
 * <p>The data directory has been used before: making a database is done once in its life. What that takes is told too.
 */
final class PipelineStudy {
    static final String DECODED = "pipeline.cpu_ratio.decoded";
    static final String PACKETS = "pipeline.cpu_ratio.packets";

    private static final int FRAMES_OF_A_FIRST_RUN = 5;
    private static final int FRAMES_OF_A_START = 25;
    private static final int FRAMES_OF_A_SHORT_CLIP = 250;
    private static final int FRAMES_OF_A_QUICK_CLIP = 125;
    private static final int QUICK_ROUNDS = 2;

    private final Path video;
    private final PackOptions packs;
    private final Path directory;
    private final BenchNumbers numbers;

    /** @param directory for clips and data, deleted by whoever made it */
    PipelineStudy(Path video, PackOptions packs, Path directory, BenchNumbers numbers) {
        this.video = video;
        this.packs = packs;
        this.directory = directory;
        this.numbers = numbers;
    }

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

    /**
     * A long clip, as users have it; ten seconds, where starting weighs more; and one second, which shows what starting
     * costs, so that the rest is the price of a frame.
     *
     * @param frames of the long clip, 25 a second
     * @param rounds how often, in turn
     */
    void full(int frames, int rounds) throws IOException, InterruptedException {
        Path first = clip("first", FRAMES_OF_A_FIRST_RUN);
        Path start = clip("start", FRAMES_OF_A_START);
        Path shortClip = clip("short", FRAMES_OF_A_SHORT_CLIP);
        Path longClip = clip("long", frames);
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            // A file that is already in the data directory is not looked at again.
            Path data = Files.createTempDirectory(directory, "data");
            System.out.println("first run on an empty data directory: " + pipeline(first, data, "decoded"));
            measured.add(new Round(
                    trial("1 s", start, data),
                    trial("10 s", shortClip, data),
                    trial(Math.round(frames / 25.0) + " s", longClip, data)));
            Directories.delete(data);
        }
        put("frames", measured, round -> frames);
        put("cpu_ratio.decoded", measured, round -> round.longClip.decodedRatio());
        put("cpu_ratio.packets", measured, round -> round.longClip.packetsRatio());
        put("cpu_ratio_10_s.decoded", measured, round -> round.shortClip.decodedRatio());
        put("cpu_ratio_10_s.packets", measured, round -> round.shortClip.packetsRatio());
        put("cpu_ratio_per_frame.decoded", measured, round -> round.cpuRatioPerFrame(Trial::decoded));
        put("cpu_ratio_per_frame.packets", measured, round -> round.cpuRatioPerFrame(Trial::packets));
        put("bare_cpu_ms_per_frame", measured, round -> 1e3 * round.longClip.bare.cpuSeconds() / frames);
        put("cpu_ms_per_frame", measured, round -> 1e3 * round.longClip.decoded.cpuSeconds() / frames);
        put("start_cpu_s", measured, round -> round.start.decoded.cpuSeconds());
        put("start_wall_s", measured, round -> round.start.decoded.wallSeconds());
        put("peak_bytes", measured, round -> round.longClip.decoded.peakBytes());
    }

    private void put(String name, List<Round> rounds, ToDoubleFunction<Round> value) {
        numbers.put(
                "pipeline." + name, rounds.stream().mapToDouble(value).boxed().toList());
    }

    /**
     * Five seconds of video, twice. A ratio is that of the least each side took: what else the machine does can only
     * add.
     */
    void quick() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(directory, "data");
        System.out.println("first run on an empty data directory: "
                + pipeline(clip("first", FRAMES_OF_A_FIRST_RUN), data, "decoded"));
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < QUICK_ROUNDS; i++) {
            // One frame more each time makes it another file.
            trials.add(trial("5 s", clip("quick-" + i, FRAMES_OF_A_QUICK_CLIP + i), data));
        }
        put(DECODED, trials, Trial::decoded, Trial::decodedRatio);
        put(PACKETS, trials, Trial::packets, Trial::packetsRatio);
    }

    private void put(String key, List<Trial> trials, Function<Trial, Usage> way, ToDoubleFunction<Trial> ratio) {
        numbers.put(
                key,
                least(trials, trial -> way.apply(trial).cpuSeconds()) / least(trials, trial -> trial.bare.cpuSeconds()),
                least(trials, ratio),
                -least(trials, trial -> -ratio.applyAsDouble(trial)));
    }

    private static double least(List<Trial> trials, ToDoubleFunction<Trial> value) {
        return trials.stream().mapToDouble(value).min().orElseThrow();
    }

    /** From a camera at 25 pictures a second to its faces. */
    void latency() throws IOException, InterruptedException {
        List<GlassToEvent.Times> windows = new CameraLatency(directory, packs.arguments()).measure(video);
        numbers.put(
                "pipeline.latency_p50_ms",
                windows.stream().map(GlassToEvent.Times::p50).toList());
        numbers.put(
                "pipeline.latency_p95_ms",
                windows.stream().map(GlassToEvent.Times::p95).toList());
        numbers.put(
                "pipeline.latency_pictures_per_s",
                windows.stream()
                        .map(window -> window.events() / (double) CameraLatency.WINDOW.toSeconds())
                        .toList());
        System.out.println("from a camera at 25 frames/s to its faces, three times: " + windows);
    }

    private Path clip(String name, int length) throws IOException {
        Path clip = directory.resolve(name + ".mp4");
        Clip.write(video, length, clip);
        return clip;
    }

    private Trial trial(String name, Path clip, Path data) throws IOException, InterruptedException {
        Trial trial = new Trial(bare(clip), pipeline(clip, data, "decoded"), pipeline(clip, data, "packets"));
        trial.print(name);
        return trial;
    }

    private Usage bare(Path clip) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("bench", "bare", clip.toString()));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.evaluation.Main", arguments));
    }

    private Usage pipeline(Path clip, Path data, String carry) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "run", clip.toString(), "--data", data.toString(), "--carry", carry, "--listen", "off", "--quiet"));
        arguments.addAll(packs.arguments());
        return measure(ChildJvm.command("paseo.standalone.Main", arguments));
    }

    private Usage measure(List<String> command) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Usage usage = Usage.of(command, Map.of(), output);
        if (usage.exitCode() != 0) {
            throw new IOException(
                    String.join(" ", command) + " ended with " + usage.exitCode() + ":\n" + Files.readString(output));
        }
        return usage;
    }
}
