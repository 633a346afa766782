package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.Bootstrap.Outcome;

class BootstrapTest {
    @Test
    void theIntervalOfAShareIsThatOfTheBinomialWhenEverybodyHasOneOutcome() {
        List<Outcome> outcomes = outcomes(400, 1, 100);
        Estimate.Known known = (Estimate.Known) over(outcomes).rate(outcomes, "probes", 0);
        double deviation = Math.sqrt(0.25 * 0.75 / 400);
        assertThat(known.value()).isEqualTo(0.25);
        assertThat(known.low()).isCloseTo(0.25 - 1.96 * deviation, within(0.006));
        assertThat(known.high()).isCloseTo(0.25 + 1.96 * deviation, within(0.006));
    }

    @Test
    void manyOutcomesOfOnePersonAreNotManyPersons() {
        List<Outcome> once = outcomes(100, 1, 25);
        List<Outcome> often = outcomes(100, 20, 25);
        Estimate.Known ofOnce = (Estimate.Known) over(once).rate(once, "probes", 0);
        Estimate.Known ofOften = (Estimate.Known) over(often).rate(often, "probes", 0);
        assertThat(ofOften).isEqualTo(ofOnce);
    }

    @Test
    void theOrderDoesNotMatterAndTheSeedDoes() {
        List<Outcome> outcomes = outcomes(60, 2, 17);
        List<Outcome> shuffled = new ArrayList<>(outcomes);
        Collections.shuffle(shuffled, new Random(3));
        assertThat(over(shuffled).rate(shuffled, "probes", 0))
                .isEqualTo(over(outcomes).rate(outcomes, "probes", 0));
        Bootstrap.Statistic mean = weights -> outcomes.stream()
                .mapToDouble(outcome -> Math.exp(outcome.person().hashCode() % 7) * weights.of(outcome.person()))
                .sum();
        assertThat(Bootstrap.byPerson(persons(outcomes), 2).estimate(mean))
                .isNotEqualTo(over(outcomes).estimate(mean));
    }

    @Test
    void nothingSeenIsStillCompatibleWithThreeInN() {
        List<Outcome> none = outcomes(300, 1, 0);
        assertThat(over(none).rate(none, "non-mated probes", 0.01)).isEqualTo(new Estimate.Known(0, 0, 0.01));
        List<Outcome> all = outcomes(300, 1, 300);
        assertThat(over(all).rate(all, "probes", 0.01)).isEqualTo(new Estimate.Known(1, 0.99, 1));
    }

    @Test
    void tooFewOutcomesForTheRateAreNotEnoughData() {
        List<Outcome> outcomes = outcomes(299, 1, 10);
        assertThat(over(outcomes).rate(outcomes, "non-mated probes", 0.01))
                .isEqualTo(new Estimate.Unknown("not enough data: 299 non-mated probes, needs 300"));
        assertThat(over(outcomes).rate(List.of(), "probes", 0))
                .isEqualTo(new Estimate.Unknown("not enough data: 0 probes, needs 1"));
        assertThat(Bootstrap.ruleOfThree(0.003)).isEqualTo(1_000);
    }

    @Test
    void onePersonHasNoInterval() {
        List<Outcome> outcomes = outcomes(1, 5, 1);
        assertThat(over(outcomes).rate(outcomes, "probes", 0))
                .isEqualTo(new Estimate.Unknown("not enough data: 1 persons, needs 2"));
    }

    @Test
    void pairedDifferencesAreNarrowerThanTheirParts() {
        List<Outcome> worse = outcomes(200, 1, 60);
        List<Outcome> better = outcomes(200, 1, 50);
        Bootstrap bootstrap = over(worse);
        Estimate.Known known = (Estimate.Known) bootstrap.difference(share(worse), share(better));
        assertThat(known.value()).isCloseTo(0.05, within(1e-12));
        assertThat(known.low()).isPositive();
        Estimate.Known alone = (Estimate.Known) bootstrap.estimate(share(worse));
        assertThat(known.high() - known.low()).isLessThan(alone.high() - alone.low());
        Estimate.Known ratio = (Estimate.Known) bootstrap.ratio(share(better), share(worse));
        assertThat(ratio.value()).isCloseTo(50.0 / 60, within(1e-12));
        assertThat(ratio.high()).isLessThan(1);
    }

    @Test
    void personsItWasNotGivenAreRefused() {
        Bootstrap bootstrap = Bootstrap.byPerson(List.of("a", "b"), 1);
        assertThatThrownBy(() -> bootstrap.estimate(weights -> weights.of("c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("c");
    }

    @Test
    void aMonotonicFunctionTurnsTheIntervalWhenItFalls() {
        assertThat(new Estimate.Known(0.1, 0, 0.3).map(x -> 1 - x)).isEqualTo(new Estimate.Known(0.9, 0.7, 1));
    }

    private static Bootstrap.Statistic share(List<Outcome> outcomes) {
        return weights -> {
            double all = 0;
            double happened = 0;
            for (Outcome outcome : outcomes) {
                all += weights.of(outcome.person());
                happened += outcome.happened() ? weights.of(outcome.person()) : 0;
            }
            return happened / all;
        };
    }

    /** The first persons' outcomes happened, so that two lists overlap. */
    private static List<Outcome> outcomes(int persons, int each, int happened) {
        return IntStream.range(0, persons)
                .boxed()
                .flatMap(person -> Collections.nCopies(each, new Outcome("p" + person, person < happened)).stream())
                .toList();
    }

    private static List<String> persons(List<Outcome> outcomes) {
        return outcomes.stream().map(Outcome::person).toList();
    }

    private static Bootstrap over(List<Outcome> outcomes) {
        return Bootstrap.byPerson(persons(outcomes), 1);
    }
}
