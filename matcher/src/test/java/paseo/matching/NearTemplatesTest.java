package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearTemplatesTest {
    private static final int DIMENSION = 100;
    private static final String CAMERA = "hall";
    private static final long FOR_EVER = Long.MAX_VALUE;

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
                near.add(names.get(names.size() - 1), CAMERA, vectors.get(vectors.size() - 1));
            }
        }
        assertThat(near.size()).isEqualTo(12_000);
        int found = 0;
        for (int probe = 0; probe < 50; probe++) {
            float[] look = around(vectors.get(probe * 240), 0.4f);
            double[] similarities =
                    vectors.stream().mapToDouble(vector -> dot(look, vector)).toArray();
            List<Long> nearest = IntStream.range(0, vectors.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -similarities[i]))
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
            near.add((long) NearTemplates.GROUP * i, CAMERA, vectors.get(i));
        }
        near.remove(name -> name / NearTemplates.GROUP % 2 == 0);
        assertThat(near.size()).isEqualTo(500);
        assertThat(near.names()).hasSize(500).doesNotContain((long) NearTemplates.GROUP * 10);
        assertThat(near.nearest(vectors.get(10), 500)).doesNotContain((long) NearTemplates.GROUP * 10);
        assertThat(near.nearest(vectors.get(11), 1)).containsExactly((long) NearTemplates.GROUP * 11);
        near.add((long) NearTemplates.GROUP * 10, CAMERA, vectors.get(10));
        assertThat(near.nearest(vectors.get(10), 1)).containsExactly((long) NearTemplates.GROUP * 10);
    }

    /** Of a camera that saw hardly anybody, one that saw most, and one that saw nobody; of a stretch; of both. */
    @Test
    void namesWhatIsNearestOfWhatAFilterLeaves() {
        List<float[]> vectors = new ArrayList<>();
        List<Long> names = new ArrayList<>();
        List<String> cameras = new ArrayList<>();
        NearTemplates near = new NearTemplates(DIMENSION);
        for (int person = 0; person < 2_000; person++) {
            String camera = person % 100 == 7 ? "rare" : person % 3 == 0 ? "yard" : CAMERA;
            float[] centre = around(new float[DIMENSION], 1);
            for (int look = 0; look < 12; look++) {
                names.add((long) NearTemplates.GROUP * person + look);
                cameras.add(camera);
                vectors.add(look == 0 ? centre : around(centre, 0.6f));
                near.add(names.get(names.size() - 1), camera, vectors.get(vectors.size() - 1));
            }
        }
        long from = 800L * NearTemplates.GROUP;
        long to = 850L * NearTemplates.GROUP;
        assertThat(recall(near, vectors, names, cameras, Set.of("rare"), 0, FOR_EVER))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(recall(near, vectors, names, cameras, Set.of(CAMERA, "yard"), 0, FOR_EVER))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(recall(near, vectors, names, cameras, Set.of(), from, to)).isGreaterThanOrEqualTo(0.99);
        assertThat(recall(near, vectors, names, cameras, Set.of("rare", "nowhere"), from, FOR_EVER))
                .isGreaterThanOrEqualTo(0.99);
        assertThat(near.nearest(vectors.get(0), Set.of("nowhere"), 0, FOR_EVER, 10))
                .isEmpty();
        assertThat(near.nearest(vectors.get(0), Set.of("rare"), 0, FOR_EVER, 1_000))
                .as("all that it saw")
                .hasSize(240);
    }

    /** Of the ten nearest that the filter leaves, the share that is among fifteen that are named. */
    private double recall(
            NearTemplates near,
            List<float[]> vectors,
            List<Long> names,
            List<String> cameras,
            Set<String> asked,
            long from,
            long to) {
        int found = 0;
        int wanted = 0;
        for (int probe = 0; probe < 12; probe++) {
            float[] look = around(vectors.get(probe * 1_920), 0.4f);
            double[] similarities =
                    vectors.stream().mapToDouble(vector -> dot(look, vector)).toArray();
            List<Long> left = IntStream.range(0, vectors.size())
                    .filter(i -> asked.isEmpty() || asked.contains(cameras.get(i)))
                    .filter(i -> names.get(i) >= from && names.get(i) < to)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -similarities[i]))
                    .map(names::get)
                    .toList();
            long[] named = near.nearest(look, asked, from, to, 15);
            assertThat(Arrays.stream(named).boxed())
                    .hasSize(15)
                    .isSubsetOf(left)
                    .doesNotHaveDuplicates();
            found += (int) left.stream()
                    .limit(10)
                    .filter(name -> Arrays.stream(named).anyMatch(one -> one == name))
                    .count();
            wanted += 10;
        }
        return found / (double) wanted;
    }

    /** What takes the place of something else is found where it is from, not where that was from. */
    @Test
    void whatTakesAFreePlaceIsOfItsOwnCamera() {
        NearTemplates near = new NearTemplates(DIMENSION);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            vectors.add(around(new float[DIMENSION], 1));
            near.add((long) NearTemplates.GROUP * i, i < 300 ? "yard" : CAMERA, vectors.get(i));
        }
        near.remove(name -> name / NearTemplates.GROUP < 300);
        assertThat(near.nearest(vectors.get(5), Set.of("yard"), 0, FOR_EVER, 10))
                .isEmpty();
        long late = (long) NearTemplates.GROUP * 10_000;
        near.add(late, "gate", vectors.get(5));
        assertThat(near.nearest(vectors.get(5), Set.of("gate"), 0, FOR_EVER, 10))
                .containsExactly(late);
        assertThat(near.nearest(vectors.get(5), Set.of("yard"), 0, FOR_EVER, 10))
                .isEmpty();
        assertThat(near.nearest(vectors.get(5), Set.of(CAMERA), 0, FOR_EVER, 400))
                .hasSize(300)
                .doesNotContain(late);
        assertThat(near.nearest(vectors.get(5), Set.of(), late, late + 1, 10)).containsExactly(late);
        assertThat(near.nearest(vectors.get(5), 1)).containsExactly(late);
        assertThat(near.size()).isEqualTo(301);
    }

    /** A cell of vectors that are all the same can be split, too. */
    @Test
    void takesAnyNumberOfTheSame() {
        NearTemplates near = new NearTemplates(DIMENSION);
        float[] same = around(new float[DIMENSION], 1);
        for (int i = 0; i < 2_000; i++) {
            near.add(i, CAMERA, same);
        }
        assertThat(near.nearest(same, 25)).hasSize(25);
        assertThat(near.nearest(same, 2_000)).as("in few cells").hasSize(2_000);
    }

    @Test
    void namesNothingWhereThereIsNothing() {
        NearTemplates near = new NearTemplates(DIMENSION);
        assertThat(near.nearest(around(new float[DIMENSION], 1), 5)).isEmpty();
        near.add(7, CAMERA, around(new float[DIMENSION], 1));
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
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
