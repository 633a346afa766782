package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedPostgres;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.search.PerturbedFaces;
import paseo.events.Embedding;
import paseo.matching.DatabaseSettings;

@Timeout(300)
class SearchStudyIT {
    private static final int PERSONS = 200;
    private static final int DIMENSION = 64;

    @Test
    void measuresGalleriesThatGrow(@TempDir Path directory) throws Exception {
        BenchNumbers numbers = new BenchNumbers();
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")))) {
            new SearchStudy(people(), numbers, 2, true)
                    .run(
                            new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password()),
                            List.of(2_000L, 4_000L));
        }
        JsonNode matcher = new ObjectMapper().readTree(numbers.json()).get("matcher");
        // Nothing is sealed in so small a gallery: everything is compared.
        assertThat(matcher.get("recall_2k").asDouble()).isGreaterThan(0.99);
        assertThat(matcher.get("hnswlib_recall_2k").asDouble()).isGreaterThanOrEqualTo(0.98);
        assertThat(matcher.get("cpu_ratio_hnswlib_2k").asDouble()).isPositive();
        assertThat(matcher.get("hnswlib_recall_4k").asDouble()).isGreaterThanOrEqualTo(0.98);
        assertThat(matcher.get("cpu_ratio_hnswlib_4k").asDouble()).isPositive();
        assertThat(matcher.get("growth_4k").asDouble()).isPositive();
        assertThat(matcher.get("hnswlib_growth_4k").asDouble()).isPositive();
        assertThat(matcher.get("inserts_per_s").asDouble()).isPositive();
        assertThat(matcher.get("inserts_not_seen_by_the_next_query").asDouble()).isZero();
    }

    private static PerturbedFaces people() {
        Random random = new Random(6);
        List<Embedding> embeddings = new ArrayList<>();
        for (int person = 0; person < PERSONS; person++) {
            float[] centre = new float[DIMENSION];
            IntStream.range(0, DIMENSION).forEach(d -> centre[d] = (float) random.nextGaussian());
            for (int look = 0; look < 2; look++) {
                float[] vector = new float[DIMENSION];
                IntStream.range(0, DIMENSION)
                        .forEach(d -> vector[d] = centre[d] + 0.4f * (float) random.nextGaussian());
                embeddings.add(Embedding.normalised(vector));
            }
        }
        return new PerturbedFaces(
                embeddings, IntStream.range(0, 2 * PERSONS).map(i -> i / 2).toArray());
    }
}
