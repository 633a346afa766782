package paseo.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class HnswReferenceTest {
    private static final int DIMENSION = 24;
    private static final int NEAREST = 10;

    private final Random random = new Random(4);

    @Test
    void findsWhatIsNearest() {
        List<Embedding> vectors = vectors(3_000);
        List<Embedding> probes = vectors(40);
        HnswReference reference = new HnswReference(vectors.size());
        vectors.forEach(reference::add);
        NearestExactly truth = new NearestExactly(probes, NEAREST);
        truth.add(vectors.subList(0, 1_000));
        truth.add(vectors.subList(1_000, 3_000));

        List<List<Long>> found = probes.stream()
                .map(probe -> reference.nearest(probe, NEAREST, 200))
                .toList();

        assertThat(NearestExactly.recall(found, truth.nearest())).isGreaterThan(0.97);
        assertThat(found.get(0)).hasSize(NEAREST).doesNotHaveDuplicates();
        assertThat(similarity(vectors, found, 0)).isGreaterThanOrEqualTo(similarity(vectors, found, 1));
    }

    @Test
    void knowsItselfAsTheNearest() {
        List<Embedding> vectors = vectors(500);
        HnswReference reference = new HnswReference(vectors.size());
        vectors.forEach(reference::add);
        assertThat(reference.nearest(vectors.get(77), 1, 40)).containsExactly(77L);
    }

    @Test
    void staysAsItIsWhileItsCopyGrows() {
        List<Embedding> vectors = vectors(1_000);
        HnswReference reference = new HnswReference(500);
        vectors.subList(0, 500).forEach(reference::add);
        List<Long> before = reference.nearest(vectors.get(700), NEAREST, 100);
        HnswReference copy = reference.copy(1_000);
        assertThat(copy.nearest(vectors.get(700), NEAREST, 100)).isEqualTo(before);
        vectors.subList(500, 1_000).forEach(copy::add);
        assertThat(copy.nearest(vectors.get(700), 1, 100)).containsExactly(700L);
        assertThat(reference.nearest(vectors.get(700), NEAREST, 100)).isEqualTo(before);
    }

    private double similarity(List<Embedding> vectors, List<List<Long>> found, int place) {
        return vectors.get(found.get(0).get(place).intValue())
                .similarity(vectors.get(found.get(0).get(0).intValue()));
    }

    private List<Embedding> vectors(int count) {
        List<Embedding> vectors = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> {
            float[] vector = new float[DIMENSION];
            for (int d = 0; d < DIMENSION; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            vectors.add(Embedding.normalised(vector));
        });
        return vectors;
    }
}
