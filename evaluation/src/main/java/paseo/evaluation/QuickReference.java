package paseo.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import paseo.evaluation.report.BenchNumbers;

/**
 * What {@code bench --quick} has measured before, kept in the repository. Only ratios: both sides run on the same
 * machine in the same minutes, so they hold on other machines, too.
 */
final class QuickReference {
    private static final String KEPT = "/bench/quick.json";

    /**
     * What is compared.
     *
     * @param worse the share by which it may be worse: see evaluation/RATIONALE.md for how far it varies by itself
     * @param smallerIsBetter or larger
     */
    record Gated(String key, double worse, boolean smallerIsBetter) {}

    /**
     * The reference lives in the processor's caches, PostgreSQL in the system's calls: what else runs slows them down
     * unequally. Three runs on a machine three to seven times overbooked lay 18 % apart.
     */
    private static final double SEARCHES = 0.3;

    static final List<Gated> GATED = List.of(
            new Gated(PipelineStudy.DECODED, 0.2, true),
            new Gated(PipelineStudy.PACKETS, 0.2, true),
            new Gated("matcher.recall_50k", 0.02, false),
            new Gated("matcher.decision_recall_50k", 0.02, false),
            new Gated("matcher.cpu_ratio_hnswlib_50k", SEARCHES, true),
            new Gated("matcher.decision_cpu_ratio_hnswlib_50k", SEARCHES, true),
            new Gated("streams.cpu_ratio", 0.2, true));

    /**
     * One comparison.
     *
     * @param kept NaN when nothing is kept
     */
    record Check(Gated gated, double now, double kept) {
        boolean passed() {
            return change() <= gated.worse();
        }

        /** By which share it is worse; negative when it is better. */
        double change() {
            if (Double.isNaN(kept)) {
                return Double.POSITIVE_INFINITY;
            }
            return gated.smallerIsBetter() ? now / kept - 1 : 1 - now / kept;
        }

        String line() {
            if (Double.isNaN(kept)) {
                return String.format(
                        Locale.ROOT, "no reference: %s is %.3f; --write-reference keeps it", gated.key(), now);
            }
            return String.format(
                    Locale.ROOT,
                    "%s: %s is %.3f, %.3f is kept: %.1f %% %s, %.0f %% are allowed",
                    passed() ? "as before" : "regression",
                    gated.key(),
                    now,
                    kept,
                    100 * Math.abs(change()),
                    change() > 0 ? "worse" : "better",
                    100 * gated.worse());
        }
    }

    private final Map<String, Double> ratios;

    QuickReference(Map<String, Double> ratios) {
        this.ratios = Map.copyOf(ratios);
    }

    /** The one in the repository. */
    static QuickReference kept() throws IOException {
        Map<String, Double> ratios = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(QuickReference.class.getResourceAsStream(KEPT))) {
            JsonNode kept = new ObjectMapper().readTree(in);
            kept.properties()
                    .forEach(
                            field -> ratios.put(field.getKey(), field.getValue().asDouble()));
        }
        return new QuickReference(ratios);
    }

    /** Compares what was measured of what can be compared. */
    List<Check> check(BenchNumbers numbers) {
        return GATED.stream()
                .flatMap(gated -> numbers.find(gated.key()).stream()
                        .map(entry -> new Check(gated, entry.value(), ratios.getOrDefault(gated.key(), Double.NaN))))
                .toList();
    }

    /** Writes what was measured, to be kept; of what was not measured, what was kept before. */
    void write(BenchNumbers numbers, Path file) throws IOException {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Gated gated : GATED) {
            numbers.find(gated.key())
                    .map(BenchNumbers.Entry::value)
                    .or(() -> Optional.ofNullable(this.ratios.get(gated.key())))
                    .ifPresent(ratio -> ratios.put(gated.key(), ratio));
        }
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(file, mapper.writeValueAsString(ratios) + "\n");
    }
}
