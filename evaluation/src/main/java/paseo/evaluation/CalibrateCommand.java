package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.SoloSequences;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a calibration file: how similar strangers are under a model pack. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Fits the similarities of strangers under a model pack and writes them as a calibration file, from "
                    + "which the matcher takes its thresholds (--calibration FILE).",
            "A fifth of the people is used, chosen by name; `paseo evaluate` never measures on those."
        })
final class CalibrateCommand implements Callable<Integer> {
    /** How often everybody walks past: the rare similarities that decide need more than one try each. */
    private static final int ROUNDS = 3;

    @Option(
            names = "--faces",
            required = true,
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file.")
    private Path faces = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Write the calibration there.")
    private Path out = Path.of("");

    @Option(
            names = "--version-name",
            paramLabel = "NAME",
            defaultValue = "custom",
            description = "What it is called; stored with each decision. Default: ${DEFAULT-VALUE}.")
    private String version = "custom";

    @Option(names = "--seed", defaultValue = "1", description = "Of the walks. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        ResultFile.tryOut("--out", out);
        List<Photograph> photographs = PlacedFaces.of(People.toFit(faces));
        ModelPack pack = packs.load();
        Ticker ticker = new Ticker("walks");
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors())) {
            List<List<FaceSequence>> rounds = new ArrayList<>();
            int walks = 0;
            for (int round = 0; round < ROUNDS; round++) {
                List<Photograph> walking = People.ofRound(photographs, round);
                int before = walks;
                long drawn = seed + round;
                rounds.add(new SoloWalks(pipeline, new SoloSequences(Preset.STREET.settings(drawn)))
                        .walk(walking, drawn, done -> ticker.at(before + done, (long) ROUNDS * walking.size()))
                        .first());
                walks += walking.size();
            }
            Calibration calibration = CalibrationFit.fit(
                    version,
                    pack.id(),
                    "a fifth of the people, " + ROUNDS + " times one sequence of each, cameras and ways drawn anew:"
                            + " photographs walked through the scene `street`",
                    rounds);
            calibration.write(out);
            System.out.println("fitted on " + calibration.fitted().persons()
                    + " people; threshold in a gallery of 100, 1,000 and"
                    + " 10,000 people: " + threshold(calibration, 100) + ", " + threshold(calibration, 1_000) + ", "
                    + threshold(calibration, 10_000));
        }
        return 0;
    }

    private static String threshold(Calibration calibration, long persons) {
        return String.format(Locale.ROOT, "%.3f", calibration.threshold(persons));
    }
}
