package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TailFitTest {
    @ParameterizedTest
    @ValueSource(doubles = {-0.4, -0.1, 0, 0.1, 0.3})
    void findsTheTailThatScoresWereDrawnFrom(double shape) {
        ImpostorTail truth = new ImpostorTail(0.3, 0.02, 0.04, shape);
        Random random = new Random(1);
        double[] scores = random.doubles(1_000_000)
                .map(share -> share < truth.rate() ? truth.similarityAt(Math.max(share, 1e-9)) : 0.3 * share)
                .toArray();

        ImpostorTail found = TailFit.fit(scores, scores.length, 0.01);

        assertThat(found.rate()).isEqualTo(0.01);
        assertThat(found.from()).isCloseTo(truth.similarityAt(0.01), within(0.002));
        assertThat(found.shape()).isCloseTo(shape, within(0.05));
        for (double fmr : new double[] {1e-3, 1e-4}) {
            assertThat(truth.fmr(found.similarityAt(fmr)) / fmr)
                    .as("at %s", fmr)
                    .isBetween(0.5, 2.0);
        }
    }

    @Test
    void neitherOrderNorScoresBelowTheTailMatter() {
        Random random = new Random(2);
        double[] scores =
                random.doubles(50_000).map(share -> 0.1 * -Math.log(share)).toArray();
        double[] sorted = scores.clone();
        Arrays.sort(sorted);

        ImpostorTail all = TailFit.fit(scores, scores.length, 0.02);

        assertThat(TailFit.fit(Arrays.copyOfRange(sorted, 48_900, 50_000), scores.length, 0.02))
                .isEqualTo(all);
    }

    @Test
    void aTailReachesTheLargestScoreSeen() {
        // Scores that end at 0.3, but for one: the moments alone would end the tail before that one.
        double[] scores = new double[1_001];
        for (int i = 0; i < 1_000; i++) {
            scores[i] = 0.2 + 1e-4 * i;
        }
        scores[1_000] = 0.32;
        ImpostorTail tail = TailFit.fit(scores, 1_001, 0.9);

        assertThat(tail.fmr(0.3199)).isPositive();
        assertThat(tail.fmr(0.3201)).isZero();
    }

    @Test
    void refusesWhatCannotBeFitted() {
        double[] few = new double[TailFit.FEWEST];
        assertThatThrownBy(() -> TailFit.fit(few, few.length, 0.5)).hasMessageContaining("cannot be fitted");
        assertThatThrownBy(() -> TailFit.fit(new double[1000], 1000, 0.2)).hasMessageContaining("differ");
        assertThatThrownBy(() -> TailFit.fit(new double[1000], 1000, 0)).hasMessageContaining("share");
        assertThatThrownBy(() -> TailFit.fit(new double[1000], 999, 0.2)).hasMessageContaining("999");
        double[] broken = new Random(3).doubles(1000).toArray();
        broken[7] = Double.NaN;
        assertThatThrownBy(() -> TailFit.fit(broken, 1000, 0.2)).hasMessageContaining("numbers");
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0.01, 0.04, 0", "0.3, 0.01, 0.04, -0.3", "0.2, 0.001, 0.02, 0.2", "0.1, 0.5, 0.1, 1e-12"})
    void rateAndSimilarityAreInverse(double from, double rate, double scale, double shape) {
        ImpostorTail tail = new ImpostorTail(from, rate, scale, shape);

        for (double fmr = rate; fmr > 1e-7; fmr /= 3) {
            double similarity = tail.similarityAt(fmr);
            assertThat(similarity).isBetween(from, 1.0);
            if (similarity < 1) {
                assertThat(tail.fmr(similarity)).isCloseTo(fmr, within(fmr * 1e-6));
            }
        }
        assertThat(tail.similarityAt(2 * rate)).isEqualTo(from);
        assertThat(tail.fmr(-1)).isEqualTo(rate);
    }

    @Test
    void aShapeNearNoneIsLikeNone() {
        ImpostorTail none = new ImpostorTail(0.3, 0.01, 0.04, 0);
        ImpostorTail little = new ImpostorTail(0.3, 0.01, 0.04, 1e-7);

        assertThat(little.fmr(0.6)).isCloseTo(none.fmr(0.6), within(none.fmr(0.6) * 1e-4));
        assertThat(little.similarityAt(1e-6)).isCloseTo(none.similarityAt(1e-6), within(1e-6));
    }

    @Test
    void aShortTailEnds() {
        ImpostorTail tail = new ImpostorTail(0.3, 0.01, 0.04, -0.2);

        assertThat(tail.fmr(0.51)).isZero();
        assertThat(tail.similarityAt(1e-300)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void aTailHasSensibleNumbers() {
        assertThatThrownBy(() -> new ImpostorTail(1, 0.01, 0.04, 0)).hasMessageContaining("begin");
        assertThatThrownBy(() -> new ImpostorTail(0.3, 0, 0.04, 0)).hasMessageContaining("rate");
        assertThatThrownBy(() -> new ImpostorTail(0.3, 0.01, Double.NaN, 0)).hasMessageContaining("scale");
        assertThatThrownBy(() -> new ImpostorTail(0.3, 0.01, 0.04, 1)).hasMessageContaining("shape");
        ImpostorTail tail = new ImpostorTail(0.3, 0.01, 0.04, 0);
        assertThatThrownBy(() -> tail.similarityAt(0)).hasMessageContaining("above 0");
    }
}
