package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.Grouping.PrecisionRecall;

class GroupingTest {
    private final List<SequenceVerdict> verdicts = new ArrayList<>();

    private void saw(@Nullable String person, @Nullable String id, int faces) {
        int number = verdicts.size();
        verdicts.add(new SequenceVerdict("s" + number, person, 1, true, id, number, "hall", faces));
    }

    private Bootstrap bootstrap() {
        return Bootstrap.byPerson(Grouping.bySequence(verdicts).units(), 1);
    }

    /** Ann's three sequences in 1, 1 and 2; Bob's two in 2; Cat's one left open. */
    private void example() {
        saw("ann", "1", 4);
        saw("ann", "1", 4);
        saw("ann", "2", 2);
        saw("bob", "2", 10);
        saw("bob", "2", 10);
        saw("cat", null, 5);
    }

    @Test
    void bcubedByHand() {
        example();
        PrecisionRecall scores = Grouping.bySequence(verdicts).bcubed(bootstrap());
        assertThat(scores.precision().value()).isCloseTo((1 + 1 + 1 / 3.0 + 2 / 3.0 + 2 / 3.0 + 1) / 6, within(1e-12));
        double recall = (2 / 3.0 + 2 / 3.0 + 1 / 3.0 + 1 + 1 + 1) / 6;
        assertThat(scores.recall().value()).isCloseTo(recall, within(1e-12));
        double precision = scores.precision().value();
        assertThat(scores.f().value()).isCloseTo(2 * precision * recall / (precision + recall), within(1e-12));
    }

    @Test
    void nothingWrongAmongFewIsNotCertainty() {
        for (int person = 0; person < 10; person++) {
            saw("p" + person, "" + person, 5);
            saw("p" + person, "" + person, 5);
        }
        Grouping grouping = Grouping.bySequence(verdicts);
        Set<String> everybody = grouping.units();
        assertThat(grouping.bcubed(bootstrap()).f()).isEqualTo(new Estimate.Known(1, 0.7, 1));
        assertThat(grouping.pairwise(bootstrap()).precision()).isEqualTo(new Estimate.Known(1, 0.7, 1));
        assertThat(grouping.fragmentation(bootstrap())).isEqualTo(new Estimate.Known(1, 1, 1.3));
        assertThat(grouping.countError(bootstrap(), everybody)).isEqualTo(new Estimate.Known(0, 0, 0.3));
        assertThat(grouping.contamination(bootstrap(), 0)).isEqualTo(new Estimate.Known(0, 0, 0.3));
    }

    @Test
    void pairsByHand() {
        example();
        PrecisionRecall scores = Grouping.bySequence(verdicts).pairwise(bootstrap());
        assertThat(scores.precision().value()).isCloseTo(2 / 4.0, within(1e-12));
        assertThat(scores.recall().value()).isCloseTo(2 / 4.0, within(1e-12));
    }

    @Test
    void personsAndIdsByHand() {
        example();
        Grouping grouping = Grouping.bySequence(verdicts);
        assertThat(grouping.ids()).isEqualTo(2);
        assertThat(grouping.fragmentation(bootstrap()).value()).isCloseTo(1.5, within(1e-12));
        assertThat(grouping.contamination(bootstrap(), 0).value()).isEqualTo(0.5);
        assertThat(grouping.countError(bootstrap(), Set.of("ann", "bob", "cat")).value())
                .isCloseTo(1 / 3.0, within(1e-12));
        assertThat(grouping.contamination(bootstrap(), 0.005))
                .isEqualTo(new Estimate.Unknown("not enough data: 2 person ids, needs 600"));
    }

    @Test
    void aFalseAlarmCostsPrecisionButIsNobody() {
        saw("ann", "1", 1);
        saw("bob", "2", 1);
        saw(null, "2", 1);
        saw(null, "3", 1);
        Grouping grouping = Grouping.bySequence(verdicts);
        assertThat(grouping.bcubed(bootstrap()).precision().value()).isCloseTo(3 / 4.0, within(1e-12));
        assertThat(grouping.contamination(bootstrap(), 0).value()).isZero();
        assertThat(grouping.countError(bootstrap(), Set.of("ann", "bob")).value())
                .isEqualTo(0.5);
    }

    /** Taking people out of mixed groups would make every resample look purer than the whole. */
    @Test
    void resamplingDoesNotFlatterMixedGroups() {
        for (int i = 0; i < 600; i++) {
            saw("p" + i % 200, "id" + (i % 10 == 0 ? (i + 1) % 200 : i % 200), 1);
        }
        Grouping grouping = Grouping.bySequence(verdicts);
        for (Estimate estimate : List.of(
                grouping.bcubed(bootstrap()).precision(),
                grouping.bcubed(bootstrap()).f(),
                grouping.pairwise(bootstrap()).precision())) {
            Estimate.Known known = (Estimate.Known) estimate;
            double below = known.value() - known.low();
            double above = known.high() - known.value();
            assertThat(below / above).isBetween(0.6, 1.7);
        }
    }

    /** Splitting never lowers precision, merging never lowers recall. */
    @Test
    void extremesOfSplittingAndMerging() {
        Random random = new Random(4);
        List<SequenceVerdict> apart = new ArrayList<>();
        List<SequenceVerdict> together = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String person = "p" + random.nextInt(9);
            apart.add(new SequenceVerdict("s" + i, person, 1, true, "id" + i, i, "hall", 1));
            together.add(new SequenceVerdict("s" + i, person, 1, true, "all", i, "hall", 1));
        }
        Bootstrap bootstrap = Bootstrap.byPerson(Grouping.bySequence(apart).units(), 1);
        assertThat(Grouping.bySequence(apart).bcubed(bootstrap).precision().value())
                .isEqualTo(1);
        assertThat(Grouping.bySequence(apart).pairwise(bootstrap).precision()).isInstanceOf(Estimate.Unknown.class);
        assertThat(Grouping.bySequence(together).bcubed(bootstrap).recall().value())
                .isEqualTo(1);
    }
}
