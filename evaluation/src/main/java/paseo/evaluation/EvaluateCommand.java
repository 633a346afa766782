package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.SceneSet;
import paseo.evaluation.scenes.SceneSettings;
import paseo.evaluation.scenes.Scenes;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Gate;
import paseo.evaluation.scoring.Scores;
import paseo.evaluation.tracking.TracksCommand;
import paseo.events.Box;
import paseo.inference.DetectionInterval;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Accuracy of the whole product, on scenes with exact truth. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        subcommands = {
            PairsCommand.class,
            TracksCommand.class,
            SceneCommand.class,
            CalibrateCommand.class,
            GalleryCommand.class,
            ReplayCommand.class
        },
        description = {
            "Measures accuracy, with 95 %% confidence intervals.",
            "With --preset: makes videos in which the people of the photographs walk past cameras and come back, runs"
                    + " the whole product on them and scores what it found against the truth. A fifth of the people,"
                    + " those on whom calibrations are fitted, does not take part.",
            "The other measurements are subcommands."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MINUTE = 60;
    private static final String DATA = "data";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Scenes: easy (a minute, for a quick check), street (hundreds of people) or crowd.")
    private @Nullable Preset preset;

    @Option(
            names = "--faces",
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file, the face in the middle.")
    private @Nullable Path faces;

    @Option(names = "--seed", defaultValue = "1", description = "Of scenes and bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private CalibrationOption calibration = new CalibrationOption();

    @Option(
            names = "--detect-every",
            paramLabel = "N[/M]",
            converter = DetectionInterval.Converter.class,
            defaultValue = "1",
            description = "As in 'paseo run': looks at one of N frames, one of M while nothing moves."
                    + " Default: ${DEFAULT-VALUE}.")
    private DetectionInterval interval = DetectionInterval.EVERY_FRAME;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores there.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there.")
    private @Nullable Path html;

    @Option(
            names = "--fail-if",
            paramLabel = "CONDITION",
            description = "End with 1 if it holds, as in 'bcubed_f<0.95 || contamination>0.005'."
                    + " What there is not enough data for counts as failed.")
    private @Nullable String failIf;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep videos, truth and what the run stored there. Default: deleted at the end.")
    private @Nullable Path keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (preset == null || faces == null) {
            throw wrong("give --preset easy|street|crowd and --faces FILE.tar, or a subcommand");
        }
        tryOut("--json", json);
        tryOut("--html", html);
        refuseToMix();
        ModelPack pack = packs.load();
        Calibration fitted = calibration.of(pack);
        @Nullable Gate gate = gate(fitted);
        Path directory = keep == null ? Files.createTempDirectory("paseo-evaluate") : Files.createDirectories(keep);
        try {
            return evaluate(preset, faces, directory, pack, fitted, gate);
        } finally {
            if (keep == null) {
                delete(directory);
            }
        }
    }

    /** Checked before anything is measured: a quarter of an hour later is late for a misspelt key. */
    private @Nullable Gate gate(Calibration fitted) {
        if (failIf == null) {
            return null;
        }
        try {
            Gate parsed = Gate.parse(failIf);
            parsed.requireKnown(SceneScores.keys(fitted));
            return parsed;
        } catch (IllegalArgumentException e) {
            throw wrong("--fail-if: " + e.getMessage());
        }
    }

    private void tryOut(String option, @Nullable Path file) {
        try {
            ResultFile.tryOut(option, file);
        } catch (IOException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** What an earlier run stored would be scored together with what this one finds. */
    private void refuseToMix() throws IOException {
        if (keep == null || !Files.isDirectory(keep.resolve(DATA))) {
            return;
        }
        Path data = keep.resolve(DATA);
        try (Stream<Path> stored = Files.list(data)) {
            if (stored.findAny().isPresent()) {
                throw wrong("--keep " + keep + ": " + data
                        + " holds what an earlier run stored; take another directory, or delete that one");
            }
        }
    }

    private ParameterException wrong(String message) {
        CommandLine commandLine = spec == null ? new CommandLine(this) : spec.commandLine();
        return new ParameterException(commandLine, message);
    }

    private int evaluate(
            Preset scenes, Path tar, Path directory, ModelPack pack, Calibration fitted, @Nullable Gate gate)
            throws IOException, InterruptedException {
        List<Photograph> photographs = PlacedFaces.of(People.toMeasure(tar));
        SceneSettings settings = scenes.settings(seed);
        SceneSet set = draw(photographs, settings, directory, tar, System.err::println);
        List<String> options = new ArrayList<>(packs.arguments());
        options.addAll(calibration.arguments());
        options.addAll(List.of("--detect-every", interval.toString()));
        Path data = directory.resolve(DATA);
        ProductRun run =
                ProductRun.of(set.videos().stream().map(SceneSet.Video::file).toList(), options, data);
        SceneOutcome outcome = new SceneOutcome(
                set.videos().stream().map(SceneSet.Video::truth).toList(),
                run,
                new Box(0, 0, settings.width(), settings.height()));
        double minutes = set.videos().stream().mapToLong(SceneSet.Video::frames).sum()
                / settings.framesPerSecond()
                / SECONDS_PER_MINUTE;
        SceneScores measured = new SceneScores(outcome, minutes, fitted, seed);
        Scores scores = new Scores()
                .state("preset", settings.name())
                .state("seed", seed)
                .state("pack", pack.id())
                .state("calibration", fitted.version())
                .state("detect_every", interval.toString())
                .state("people", set.people())
                .state("appearances", set.appearances())
                .state("minutes", minutes);
        measured.put(scores);
        return tell(scores, measured, gate, settings.name() + ", seed " + seed + ", " + pack.id());
    }

    /** Draws the scenes, and says so where they are smaller than asked for. */
    static SceneSet draw(
            List<Photograph> photographs, SceneSettings settings, Path directory, Path tar, Consumer<String> notes)
            throws IOException {
        Ticker ticker = new Ticker("frames drawn");
        SceneSet set = Scenes.write(
                photographs, settings, directory.resolve("scenes"), (video, done, all) -> ticker.at(done, all));
        SceneCommand.smaller(set, tar + ", without the fifth of the people that calibrations are fitted on,")
                .ifPresent(notes);
        return set;
    }

    private int tell(Scores scores, SceneScores measured, @Nullable Gate gate, String subtitle) throws IOException {
        print(scores);
        List<Gate.Check> checks = gate == null ? List.of() : gate.check(scores);
        checks.forEach(check -> System.out.println(check.line()));
        if (json != null) {
            Files.writeString(json, scores.json());
        }
        if (html != null) {
            Files.writeString(html, EvaluationReport.of("Paseo, evaluated", subtitle, scores, measured, checks));
        }
        return Gate.failed(checks) ? 1 : 0;
    }

    /** Every score in a line. */
    static void print(Scores scores) {
        for (String key : scores.keys()) {
            scores.find(key).ifPresent(estimate -> System.out.printf("%-36s %s%n", key, text(estimate)));
        }
    }

    /** A number with its interval, or why there is none. */
    static String text(Estimate estimate) {
        if (estimate instanceof Estimate.Known known) {
            return String.format(Locale.ROOT, "%.4f  [%.4f, %.4f]", known.value(), known.low(), known.high());
        }
        return estimate instanceof Estimate.Unknown unknown ? unknown.why() : "";
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
