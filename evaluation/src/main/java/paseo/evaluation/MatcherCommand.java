package paseo.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import paseo.evaluation.report.BenchNumbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the gallery is searched as it grows. */
@Command(
        name = "matcher",
        mixinStandardHelpOptions = true,
        description =
                "Fills galleries in a PostgreSQL of its own with templates made from real embeddings and searches "
                        + "them as the matcher does: recall of the ten nearest against comparing with everything; CPU per "
                        + "query, client and server together, beside an HNSW graph in memory at a recall of .98 or more; how "
                        + "that grows with the gallery; a filter that leaves one in a hundred; in the smallest gallery also "
                        + "PostgreSQL's own indexes; templates stored per second while somebody searches. The reference is "
                        + "hnswlib's algorithm and settings in plain Java, not hnswlib's C++, which needs a fraction of its "
                        + "CPU (see evaluation/RATIONALE.md); a million vectors take it some minutes and 2 GB to build. With --quick: 50,000 templates, of 400 photographs, no indexes. "
                        + "Linux only.")
final class MatcherCommand implements Callable<Integer> {
    static final List<Long> SIZES = List.of(100_000L, 1_000_000L);

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
            description = "Templates in the galleries, the smallest first. Default: 100000,1000000.")
    private List<Long> sizes = SIZES;

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        BenchNumbers numbers = BenchOutput.begin();
        Directories.with(directory -> {
            MatcherStudy study = new MatcherStudy(faces, packs, directory, numbers);
            if (output.quick()) {
                study.quick();
            } else {
                study.full(sizes);
            }
        });
        return output.end(numbers);
    }
}
