package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class AllPairsTest {
    private static final int DIMENSION = 16;

    @Test
    void separatePersonsAreAllAccepted() {
        Gallery gallery = new Gallery(30, 4, 0.05);
        AllPairs pairs = AllPairs.of(gallery.embeddings, gallery.persons);
        assertThat(pairs.genuinePairs()).isEqualTo(30 * 6);
        assertThat(pairs.impostorPairs()).isEqualTo(120L * 119 / 2 - 30 * 6);
        AllPairs.Rate rate = pairs.rate(0.001, 100, 1);
        assertThat(rate.tar()).isEqualTo(1);
        assertThat(rate.low()).isEqualTo(1);
    }

    @Test
    void agreesWithCountingEveryPair() {
        Gallery gallery = new Gallery(40, 5, 0.9);
        AllPairs pairs = AllPairs.of(gallery.embeddings, gallery.persons);
        for (double far : new double[] {0.001, 0.003, 0.01}) {
            AllPairs.Rate rate = pairs.rate(far, 200, 7);
            long wrong = 0;
            long impostors = 0;
            long right = 0;
            for (int i = 0; i < gallery.persons.length; i++) {
                for (int j = 0; j < i; j++) {
                    double similarity = gallery.embeddings.get(i).similarity(gallery.embeddings.get(j));
                    boolean accepted = similarity >= rate.threshold();
                    if (gallery.persons[i] == gallery.persons[j]) {
                        right += accepted ? 1 : 0;
                    } else {
                        impostors++;
                        wrong += accepted ? 1 : 0;
                    }
                }
            }
            assertThat((double) wrong / impostors).isCloseTo(far, within(1.5 / impostors));
            assertThat(rate.tar()).isCloseTo((double) right / pairs.genuinePairs(), within(1e-9));
            assertThat(rate.tar()).isStrictlyBetween(0.0, 1.0);
            assertThat(rate.low()).isLessThanOrEqualTo(rate.tar());
            assertThat(rate.high()).isGreaterThanOrEqualTo(rate.tar());
        }
    }

    @Test
    void refusesARateItsTailDoesNotReach() {
        Gallery gallery = new Gallery(3, 2, 0.1);
        AllPairs pairs = AllPairs.of(gallery.embeddings, gallery.persons);
        assertThatThrownBy(() -> pairs.rate(0.5, 10, 1)).hasMessageContaining("0.5");
    }

    /** Persons as random directions, photographs as noise around them. */
    private static final class Gallery {
        final List<Embedding> embeddings = new ArrayList<>();
        final int[] persons;

        Gallery(int count, int photographs, double noise) {
            Random random = new Random(42);
            persons = new int[count * photographs];
            for (int person = 0; person < count; person++) {
                float[] centre = random(random, 1);
                for (int photograph = 0; photograph < photographs; photograph++) {
                    float[] vector = random(random, noise);
                    for (int i = 0; i < DIMENSION; i++) {
                        vector[i] += centre[i];
                    }
                    persons[embeddings.size()] = person;
                    embeddings.add(Embedding.normalised(vector));
                }
            }
        }

        private static float[] random(Random random, double scale) {
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) (scale * random.nextGaussian());
            }
            return vector;
        }
    }
}
