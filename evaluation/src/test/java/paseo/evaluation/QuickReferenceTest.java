package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.evaluation.report.BenchNumbers;

class QuickReferenceTest {
    private static final String RECALL = "matcher.recall_50k";

    private final QuickReference reference =
            new QuickReference(Map.of(PipelineStudy.DECODED, 2.0, PipelineStudy.PACKETS, 2.0, RECALL, 0.99));

    @Test
    void aFifthWorseIsARegression() {
        BenchNumbers numbers = new BenchNumbers()
                .put(PipelineStudy.DECODED, List.of(2.2, 2.39, 2.6))
                .put(PipelineStudy.PACKETS, 2.45)
                .put(RECALL, 0.96);
        List<QuickReference.Check> checks = reference.check(numbers);

        assertThat(checks).extracting(QuickReference.Check::passed).containsExactly(true, false, false);
        assertThat(checks.get(1).line())
                .isEqualTo("regression: pipeline.cpu_ratio.packets is 2.450, 2.000 is kept: 22.5 % worse,"
                        + " 20 % are allowed");
        assertThat(checks.get(2).line()).startsWith("regression: matcher.recall_50k is 0.960, 0.990 is kept: 3.0 %");
    }

    @Test
    void betterIsNoRegression() {
        BenchNumbers numbers =
                new BenchNumbers().put(PipelineStudy.DECODED, 1.0).put(RECALL, 1.0);
        assertThat(reference.check(numbers))
                .extracting(QuickReference.Check::passed)
                .containsExactly(true, true);
    }

    @Test
    void whatNothingIsKeptOfCannotPass() {
        List<QuickReference.Check> checks = reference.check(new BenchNumbers().put("streams.cpu_ratio", 3));
        assertThat(checks).hasSize(1).noneMatch(QuickReference.Check::passed);
        assertThat(checks.get(0).line()).startsWith("no reference: streams.cpu_ratio");
    }

    @Test
    void whatIsWrittenIsWhatWasMeasuredAndElseWhatWasKept(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("quick.json");
        reference.write(new BenchNumbers().put(PipelineStudy.DECODED, 1.5), file);
        assertThat(Files.readString(file).replaceAll("\\s", ""))
                .isEqualTo("{\"pipeline.cpu_ratio.decoded\":1.5,\"pipeline.cpu_ratio.packets\":2.0,"
                        + "\"matcher.recall_50k\":0.99}");
    }

    @Test
    void everythingComparedIsKept() throws Exception {
        BenchNumbers numbers = new BenchNumbers();
        QuickReference.GATED.forEach(gated -> numbers.put(gated.key(), 1));
        assertThat(QuickReference.kept().check(numbers))
                .hasSameSizeAs(QuickReference.GATED)
                .noneMatch(check -> Double.isNaN(check.kept()));
    }
}
