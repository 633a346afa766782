package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearTemplatesTest {
    private static final int DIMENSION = 100;
    private final Random random = new Random(3);

    @Test
    void namesWhatIsNearest() {
        List<float[]> vectors = new ArrayList<>();
        List<Long> names = new ArrayList<>();
        NearTemplates near = new NearTemplates(DIMENSION);
        for (int person = 0; person < 2_000; person++) {
            float[] centre = around(new float[DIMENSION], 1);
            for (int look = 0; look < 6; look++) {
                vectors.add(look == 0 ? centre : around(centre, 0.6f));
                names.add((long) NearTemplates.GROUP * person + look);
                near.add(names.get(names.size() - 1), vectors.get(vectors.size() - 1));
            }
        }
        assertThat(near.size()).isEqualTo(12_000);
        int found = 0;
        for (int probe = 0; probe < 50; probe++) {
            float[] look = around(vectors.get(probe * 240), 0.4f);
            List<Long> nearest = IntStream.range(0, vectors.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -dot(look, vectors.get(i))))
                    .limit(6)
                    .map(names::get)
                    .toList();
            long[] named = near.nearest(look, 40);
            assertThat(named).hasSize(40).doesNotHaveDuplicates();
            assertThat(named[0]).isEqualTo(nearest.get(0));
            found += (int) nearest.stream()
                    .filter(wanted -> Arrays.stream(named).anyMatch(name -> name == wanted))
                    .count();
        }
        assertThat(found / 300.0).isGreaterThan(0.95);
    }

    @Test
    void forgetsWhatIsTakenOut() {
        NearTemplates near = new NearTemplates(DIMENSION);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            vectors.add(around(new float[DIMENSION], 1));
            near.add((long) NearTemplates.GROUP * i, vectors.get(i));
        }
        near.remove(name -> name / NearTemplates.GROUP % 2 == 0);
        assertThat(near.size()).isEqualTo(500);
        assertThat(near.names()).hasSize(500).doesNotContain((long) NearTemplates.GROUP * 10);
        assertThat(near.nearest(vectors.get(10), 500)).doesNotContain((long) NearTemplates.GROUP * 10);
        assertThat(near.nearest(vectors.get(11), 1)).containsExactly((long) NearTemplates.GROUP * 11);
        near.add((long) NearTemplates.GROUP * 10, vectors.get(10));
        assertThat(near.nearest(vectors.get(10), 1)).containsExactly((long) NearTemplates.GROUP * 10);
    }

    /** A cell of vectors that are all the same can be split, too. */
    @Test
    void takesAnyNumberOfTheSame() {
        NearTemplates near = new NearTemplates(DIMENSION);
        float[] same = around(new float[DIMENSION], 1);
        for (int i = 0; i < 2_000; i++) {
            near.add(i, same);
        }
        assertThat(near.nearest(same, 25)).hasSize(25);
    }

    @Test
    void namesNothingWhereThereIsNothing() {
        NearTemplates near = new NearTemplates(DIMENSION);
        assertThat(near.nearest(around(new float[DIMENSION], 1), 5)).isEmpty();
        near.add(7, around(new float[DIMENSION], 1));
        assertThat(near.nearest(around(new float[DIMENSION], 1), 5)).containsExactly(7);
    }

    private float[] around(float[] centre, float spread) {
        float[] vector = new float[DIMENSION];
        double norm = 0;
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = centre[i] + spread * (float) (random.nextGaussian() / Math.sqrt(DIMENSION));
            norm += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(norm);
        }
        return vector;
    }

    private static double dot(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] * other[i])
                .sum();
    }
}
