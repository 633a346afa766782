package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CohortTest {
    /** Of the normal distribution with mean .03 and deviation .1. */
    private static final Cohort COHORT = new Cohort(
            10,
            List.of(0.03, 0.0824, 0.1142, 0.1582, 0.1945, 0.2354, 0.2626),
            new ImpostorTail(0.2626, 0.01, 0.0355, -0.11));

    @ParameterizedTest
    @ValueSource(ints = {30, 100, 1_000, 10_000})
    void aProbeLikeAnyOtherKeepsItsSimilaritiesOnAverage(int persons) {
        Random random = new Random(persons);
        double shift = 0;
        int probes = 100;
        for (int i = 0; i < probes; i++) {
            double[] strangers = strangers(random, persons, 0);
            shift += COHORT.adjust(strangers, persons)[0] - strangers[0];
        }
        assertThat(shift / probes).isCloseTo(0, within(0.012));
    }

    @Test
    void whatAProbeHasInCommonWithEverybodyIsTakenOff() {
        double[] plain = COHORT.adjust(strangers(new Random(1), 500, 0), 500);
        double[] blurred = COHORT.adjust(strangers(new Random(1), 500, 0.2), 500);

        assertThat(blurred).containsExactly(plain, within(1e-12));
    }

    @Test
    void thePersonThemselfIsNotPartOfTheirCohort() {
        double[] similarities = strangers(new Random(2), 500, 0);
        double[] alike = similarities.clone();
        similarities[7] = 0.5;
        alike[7] = 0.8;

        assertThat(COHORT.adjust(alike, 500)[7] - COHORT.adjust(similarities, 500)[7])
                .isCloseTo(0.3, within(1e-12));
    }

    @Test
    void theNearestAreEnough() {
        double[] all = strangers(new Random(3), 2_000, 0);
        double[] nearest = IntStream.range(0, 40)
                .mapToDouble(i -> Arrays.stream(all).sorted().toArray()[all.length - 1 - i])
                .toArray();
        double best = Arrays.stream(COHORT.adjust(all, 2_000)).max().orElseThrow();

        assertThat(COHORT.adjust(nearest, 2_000)[0]).isEqualTo(best, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "500, 3", "0, 0", "1, 1"})
    void fewPeopleAreNoCohort(int persons, int given) {
        double[] similarities = strangers(new Random(4), given, 0);

        assertThat(COHORT.adjust(similarities, persons)).isEqualTo(similarities);
    }

    @Test
    void noCohortChangesNothing() {
        double[] similarities = strangers(new Random(5), 500, 0.2);

        assertThat(Cohort.none(COHORT.tail()).adjust(similarities, 500)).isEqualTo(similarities);
    }

    @Test
    void quantilesMustAscend() {
        List<Double> wrong = List.of(0.0, 0.1, 0.05, 0.2, 0.3, 0.4, 0.5);

        assertThatThrownBy(() -> new Cohort(10, wrong, COHORT.tail())).hasMessageContaining("ascending");
    }

    private static double[] strangers(Random random, int count, double common) {
        return IntStream.range(0, count)
                .mapToDouble(i -> 0.03 + common + 0.1 * random.nextGaussian())
                .toArray();
    }
}
