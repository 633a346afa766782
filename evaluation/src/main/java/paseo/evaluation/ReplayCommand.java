package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scenes.Truth;
import paseo.evaluation.scoring.Scores;
import paseo.events.Box;
import paseo.frames.VideoException;
import paseo.frames.VideoFile;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tracker and matcher on the faces of an earlier run. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Plays the faces of an earlier run on scenes (`paseo evaluate --preset NAME --keep DIR`) once more through"
                    + " tracker and matcher, and scores what they make of them: what a change of those two is worth, in"
                    + " two minutes instead of fifteen.",
            "Detection and embedding are those of the earlier run."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MINUTE = 60;

    @Parameters(paramLabel = "DIR", description = "What the earlier run kept: scenes and data.")
    private Path kept = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private CalibrationOption calibration = new CalibrationOption();

    @Option(names = "--seed", defaultValue = "1", description = "Of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores there.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ResultFile.tryOut("--json", json);
        ResultFile.tryOut("--html", html);
        List<List<Truth>> truth = truth(kept.resolve("scenes"));
        Box picture = picture(kept.resolve("scenes"));
        ModelPack pack = packs.load();
        Calibration fitted = calibration.of(pack);
        ProductRun recorded = ProductRun.read(kept.resolve("data").resolve("database"));
        Path directory = Files.createTempDirectory("paseo-replay");
        ProductRun run;
        try (Replay replay = new Replay(directory, pack.id(), fitted)) {
            run = replay.play(truth, recorded, video -> System.err.println(video + " played"));
        } finally {
            EvaluateCommand.delete(directory);
        }
        SceneScores measured = new SceneScores(new SceneOutcome(truth, run, picture), minutes(truth), fitted, seed);
        Scores scores = new Scores()
                .state("replayed", kept.getFileName().toString())
                .state("pack", pack.id())
                .state("calibration", fitted.version());
        measured.put(scores);
        EvaluateCommand.print(scores);
        if (json != null) {
            Files.writeString(json, scores.json());
        }
        if (html != null) {
            Files.writeString(html, EvaluationReport.of("Paseo, replayed", pack.id(), scores, measured, List.of()));
        }
        return 0;
    }

    /** What the videos show, which are of one size. */
    private static Box picture(Path scenes) throws IOException {
        Path any = files(scenes, ".mp4").get(0);
        try (VideoFile video = VideoFile.open(any)) {
            return new Box(0, 0, video.source().width(), video.source().height());
        } catch (VideoException e) {
            throw new IOException(any + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static double minutes(List<List<Truth>> truth) {
        return truth.stream()
                        .filter(video -> !video.isEmpty())
                        .mapToDouble(video -> video.get(video.size() - 1).timeSeconds())
                        .sum()
                / SECONDS_PER_MINUTE;
    }

    private static List<List<Truth>> truth(Path scenes) throws IOException {
        List<List<Truth>> truth = new ArrayList<>();
        for (Path file : files(scenes, ".csv")) {
            truth.add(Truth.read(file));
        }
        return truth;
    }

    private static List<Path> files(Path scenes, String ending) throws IOException {
        List<Path> files = List.of();
        if (Files.isDirectory(scenes)) {
            try (Stream<Path> listed = Files.list(scenes)) {
                files = listed.filter(file -> file.toString().endsWith(ending))
                        .sorted()
                        .toList();
            }
        }
        if (files.isEmpty()) {
            throw new IOException("there are no scenes in " + scenes + ": keep those of a run with --keep DIR");
        }
        return files;
    }
}
