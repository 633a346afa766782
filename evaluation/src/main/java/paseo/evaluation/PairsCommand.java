package paseo.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Photograph against photograph, all pairs: shows that decoding, alignment and normalisation do what the models were
 * trained for.
 */
@Command(
        name = "pairs",
        mixinStandardHelpOptions = true,
        description = {
            "Verifies every photograph against every other: TAR at FAR 1e-3, 1e-4 and 1e-5 with 95 %% intervals.",
            "In each photograph the face nearest the centre is taken, and none is refused for its quality."
        })
final class PairsCommand implements Callable<Integer> {
    private static final double[] FALSE_ACCEPT_RATES = {1e-3, 1e-4, 1e-5};
    private static final int RESAMPLES = 1000;

    @Option(
            names = "--faces",
            required = true,
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file.")
    private Path faces = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    @Option(names = "--seed", defaultValue = "1", description = "Of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        ResultFile.tryOut("--json", json);
        List<Photograph> photographs = Photographs.read(faces);
        ModelPack pack = CentralFaces.ungated(packs.load());
        CentralFaces found;
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors())) {
            found = CentralFaces.of(photographs, pipeline);
        }
        Map<String, Object> report = report(pack, photographs.size(), found);
        report.forEach((name, value) -> System.out.println(name + ": " + value));
        if (json != null) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(json, mapper.writeValueAsString(report) + "\n");
        }
        return 0;
    }

    private Map<String, Object> report(ModelPack pack, int photographs, CentralFaces found) {
        AllPairs pairs = AllPairs.of(found.embeddings(), found.personOf());
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("pack", pack.id());
        report.put("photographs", photographs);
        report.put("without_face", photographs - found.embeddings().size());
        report.put("persons", found.persons());
        report.put("genuine_pairs", pairs.genuinePairs());
        report.put("impostor_pairs", pairs.impostorPairs());
        for (double far : FALSE_ACCEPT_RATES) {
            AllPairs.Rate rate = pairs.rate(far, RESAMPLES, seed);
            String name = "tar_at_far_1e" + Math.round(Math.log10(far));
            report.put(name, rounded(rate.tar()));
            report.put(name + "_ci", List.of(rounded(rate.low()), rounded(rate.high())));
            report.put(name + "_threshold", rounded(rate.threshold()));
        }
        return report;
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.5f", value));
    }
}
