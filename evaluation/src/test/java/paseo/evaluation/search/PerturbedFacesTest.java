package paseo.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class PerturbedFacesTest {
    private static final int DIMENSION = 32;

    private final Random random = new Random(8);

    @Test
    void aPersonLooksLikeThemselvesAndAlwaysTheSame() {
        PerturbedFaces people = new PerturbedFaces(embeddings(60, 2), persons(60, 2));
        Embedding centre = people.template(1_234, 5, 0).get(0);
        assertThat(people.template(1_234, 5, 0)).hasSize(5).startsWith(centre);
        Embedding later = people.template(1_234, 1, 1).get(0);
        assertThat(later).isNotEqualTo(centre);
        double strangers = IntStream.range(0, 200)
                .mapToDouble(i -> people.template(5_000 + i, 1, 0).get(0).similarity(centre))
                .max()
                .orElseThrow();
        assertThat(later.similarity(centre)).isGreaterThan(0.8).isGreaterThan(strangers);
    }

    @Test
    void howAPersonsLooksDifferHasToBeSeen() {
        assertThatThrownBy(() -> new PerturbedFaces(embeddings(5, 1), persons(5, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two photographs");
    }

    private static int[] persons(int persons, int each) {
        return IntStream.range(0, persons * each).map(i -> i / each).toArray();
    }

    private List<Embedding> embeddings(int persons, int each) {
        List<Embedding> embeddings = new ArrayList<>();
        for (int person = 0; person < persons; person++) {
            float[] centre = around(new float[DIMENSION], 1);
            for (int i = 0; i < each; i++) {
                embeddings.add(Embedding.normalised(around(centre, 0.3f)));
            }
        }
        return embeddings;
    }

    private float[] around(float[] centre, float spread) {
        float[] vector = new float[DIMENSION];
        for (int d = 0; d < DIMENSION; d++) {
            vector[d] = centre[d] + spread * (float) random.nextGaussian();
        }
        return vector;
    }
}
