package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedPostgres;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.evaluation.search.PerturbedFaces;
import paseo.inference.FacePipeline;
import paseo.inference.ModelPack;
import paseo.matching.DatabaseSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the gallery is searched as it grows. */
@Command(
        name = "matcher",
        mixinStandardHelpOptions = true,
        description = {
            "Fills galleries in a PostgreSQL of its own with templates made from real embeddings and searches them as",
            "the matcher does: recall of the ten nearest against comparing with everything; CPU per query, client and",
            "server together, beside an HNSW graph in memory at the same recall; how it grows with the gallery;",
            "templates stored per second while somebody searches. The reference is hnswlib's algorithm and settings in",
            "plain Java, not hnswlib's C++, which needs a fraction of its CPU (see evaluation/RATIONALE.md). Linux only."
        })
final class MatcherCommand implements Callable<Integer> {
    private static final List<Long> SIZES = List.of(100_000L, 1_000_000L);
    private static final List<Long> QUICK = List.of(20_000L, 60_000L);
    private static final int QUICK_PHOTOGRAPHS = 800;

    @Option(
            names = "--faces",
            required = true,
            paramLabel = "FILE.tar",
            description = "Photographs: PERSON/PHOTOGRAPH.jpg in a tar file.")
    private Path faces = Path.of("");

    @Mixin
    private PackOptions packs = new PackOptions();

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "N",
            description = "Templates in the galleries, the first one beside the reference. Default: 100000,1000000.")
    private List<Long> sizes = SIZES;

    @Option(names = "--quick", description = "A few minutes: 20,000 and 60,000 templates, of 800 photographs.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there as well.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PerturbedFaces people = people();
        Path directory = Files.createTempDirectory("paseo-bench");
        BenchNumbers numbers = new BenchNumbers().state("machine", CpuClock.machine());
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")))) {
            DatabaseSettings settings = new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
            new SearchStudy(people, numbers).run(settings, quick ? QUICK : sizes);
        } finally {
            delete(directory);
        }
        System.out.print(numbers.json());
        if (json != null) {
            numbers.write(json);
        }
        return 0;
    }

    private PerturbedFaces people() throws IOException {
        List<Photograph> photographs = Photographs.read(faces);
        ModelPack pack = CentralFaces.ungated(packs.load());
        try (FacePipeline pipeline = packs.open(pack, Runtime.getRuntime().availableProcessors())) {
            CentralFaces found = CentralFaces.of(
                    quick ? photographs.subList(0, Math.min(QUICK_PHOTOGRAPHS, photographs.size())) : photographs,
                    pipeline);
            return new PerturbedFaces(found.embeddings(), found.personOf());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
