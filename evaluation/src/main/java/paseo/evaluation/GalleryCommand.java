package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.ReportPage;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.SoloSequences;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.OpenSet;
import paseo.evaluation.scoring.Scores;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a sequence is worth against a single face, and whether thresholds hold as the gallery grows. */
@Command(
        name = "gallery",
        mixinStandardHelpOptions = true,
        description = {
            "Walks every person past a camera by themself, then looks everybody up in galleries of 100, 1,000 "
                    + "and all of them: whether as many strangers are taken for somebody as was asked for, and how often "
                    + "those who come back are missed, by Paseo's templates, by simpler ways, and without each part of "
                    + "them.",
            "People on whom calibrations are fitted are left out."
        })
final class GalleryCommand implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(100, 1_000);

    @Option(
            names = "--faces",
            required = true,
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file.")
    private Path faces = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Mixin
    private CalibrationOption calibration = new CalibrationOption();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report with plots there.")
    private @Nullable Path html;

    @Option(names = "--seed", defaultValue = "2", description = "Of walks and bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        ResultFile.tryOut("--json", json);
        ResultFile.tryOut("--html", html);
        List<Photograph> photographs = PlacedFaces.of(People.toMeasure(faces));
        ModelPack pack = packs.load();
        Calibration fitted = calibration.of(pack);
        SoloWalks.Seen seen;
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors())) {
            Ticker ticker = new Ticker("walks");
            seen = new SoloWalks(pipeline, new SoloSequences(Preset.STREET.settings(seed)))
                    .walk(photographs, seed, done -> ticker.at(done, photographs.size()));
        }
        GalleryStudy study = new GalleryStudy(seen, fitted, seed);
        List<GalleryStudy.Size> sizes = study.sizes(SIZES);
        Scores scores = scores(pack, fitted, seen, study, sizes);
        if (json != null) {
            Files.writeString(json, scores.json());
        }
        if (html != null) {
            Files.writeString(
                    html,
                    new ReportPage("Paseo in growing galleries", pack.id() + ", calibration " + fitted.version())
                            .section("Thresholds", List.of(EvaluationReport.sizes(sizes)))
                            .section("A sequence against a face", List.of(EvaluationReport.methods(scores)))
                            .html());
        }
        return 0;
    }

    private static Scores scores(
            ModelPack pack,
            Calibration fitted,
            SoloWalks.Seen seen,
            GalleryStudy study,
            List<GalleryStudy.Size> sizes) {
        int sequences = seen.first().size() + seen.later().size();
        Scores scores = new Scores()
                .state("pack", pack.id())
                .state("calibration", fitted.version())
                .state("persons", seen.first().size())
                .state("came_back", seen.later().size());
        System.out.printf(
                Locale.ROOT,
                "%,d walks, %,d with a usable face; %,d people, %,d came back%n%n",
                seen.appearances(),
                sequences,
                seen.first().size(),
                seen.later().size());
        Map<String, Estimate> fpir = new LinkedHashMap<>();
        Map<String, Estimate> fixed = new LinkedHashMap<>();
        Map<String, Estimate> fnirAtThreshold = new LinkedHashMap<>();
        System.out.println(
                "gallery  threshold  FPIR asked 0.01          FNIR there               FPIR at a fixed threshold");
        for (GalleryStudy.Size size : sizes) {
            String key = String.valueOf(size.persons());
            fpir.put(key, size.fpir());
            fixed.put(key, size.fixedFpir());
            fnirAtThreshold.put(key, size.fnir());
            System.out.printf(
                    Locale.ROOT,
                    "%-8d %.3f      %-24s %-24s %s%n",
                    size.persons(),
                    size.threshold(),
                    EvaluateCommand.text(size.fpir()),
                    EvaluateCommand.text(size.fnir()),
                    EvaluateCommand.text(size.fixedFpir()));
        }
        scores.put("fpir", fpir).put("fnir", fnirAtThreshold).put("fpir_fixed_threshold", fixed);
        put(scores, study, "fnir_at_fpir_1", study.baselines());
        put(scores, study, "ablation", study.ablations());
        return scores;
    }

    private static void put(Scores scores, GalleryStudy study, String key, Map<String, OpenSet> searches) {
        Map<String, Estimate> rates = study.fnir(searches);
        Map<String, Estimate> ratios = study.ratios(searches);
        scores.put(key, rates).put(key + "_ours_to", ratios);
        System.out.printf("%n%-20s %-24s %s%n", key, "FNIR at FPIR 0.01", "ours divided by it");
        rates.forEach((method, rate) -> System.out.printf(
                "%-20s %-24s %s%n",
                method,
                EvaluateCommand.text(rate),
                Optional.ofNullable(ratios.get(method))
                        .map(EvaluateCommand::text)
                        .orElse("")));
    }
}
