package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.Identification.Result;

class IdentificationTest {
    private final List<SequenceVerdict> verdicts = new ArrayList<>();

    private void saw(@Nullable String person, @Nullable String decided, int faces) {
        int number = verdicts.size();
        verdicts.add(new SequenceVerdict("s" + number, person, 1, true, decided, number, "hall", faces));
    }

    private void sawUnusable(String person) {
        int number = verdicts.size();
        verdicts.add(new SequenceVerdict("s" + number, person, 1, false, null, number, "hall", 3));
    }

    private String results() {
        return Identification.of(verdicts).judged().stream()
                .map(one -> one.result().name())
                .collect(Collectors.joining(" "));
    }

    @Test
    void everyResultAsDefined() {
        saw("ann", "1", 10);
        saw("bob", "2", 10);
        saw("ann", "1", 10);
        saw("bob", "1", 10);
        saw("cat", "2", 5);
        saw("ann", "3", 10);
        saw("bob", null, 10);
        saw("dan", null, 10);
        saw("dan", "4", 10);
        sawUnusable("eve");
        saw(null, "1", 4);
        assertThat(results())
                .isEqualTo("NEW NEW RIGHT WRONG FALSE_POSITIVE SPLIT MISSED LEFT_OPEN NEW UNUSABLE FALSE_POSITIVE");
    }

    @Test
    void anIdBelongsToWhoeverMostOfItsFacesAreOf() {
        saw("ann", "1", 10);
        saw("bob", "1", 30);
        saw("ann", "1", 10);
        saw("bob", "1", 10);
        assertThat(results()).isEqualTo("NEW FALSE_POSITIVE WRONG RIGHT");
    }

    @Test
    void timeOrdersNotTheList() {
        saw("ann", "1", 10);
        saw("bob", "2", 10);
        saw("ann", "1", 10);
        saw("bob", "2", 10);
        List<SequenceVerdict> shuffled = new ArrayList<>(verdicts);
        Collections.shuffle(shuffled, new Random(5));
        assertThat(Identification.of(shuffled).judged())
                .isEqualTo(Identification.of(verdicts).judged());
    }

    @Test
    void ratesCountWhatTheySay() {
        saw("ann", "1", 1);
        saw("bob", "2", 1);
        saw("cat", "2", 1);
        saw("ann", "1", 1);
        saw("ann", "3", 1);
        saw("bob", "1", 1);
        saw("bob", null, 1);
        sawUnusable("dan");
        Identification identification = Identification.of(verdicts);
        Bootstrap bootstrap = Bootstrap.byPerson(identification.units(), 1);
        assertThat(identification.fpir(bootstrap, 0).value()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(identification.fnir(bootstrap).value()).isCloseTo(3.0 / 4, within(1e-12));
        for (Result part : List.of(Result.SPLIT, Result.WRONG, Result.MISSED)) {
            assertThat(identification.fnir(bootstrap, part).value()).isCloseTo(1.0 / 4, within(1e-12));
        }
        assertThat(identification.failureToAcquire(bootstrap).value()).isCloseTo(1.0 / 8, within(1e-12));
        assertThat(identification.gfnir(bootstrap).value()).isCloseTo(1.0 / 8 + 7.0 / 8 * 3 / 4, within(1e-12));
        assertThat(identification.fpir(bootstrap, 0.01)).isInstanceOf(Estimate.Unknown.class);
        assertThat(identification.judged().get(6).gallery()).isEqualTo(3);
    }

    @Test
    void whatIsUnusableCannotHaveBeenDecided() {
        assertThatThrownBy(() -> new SequenceVerdict("s", "ann", 1, false, "1", 0, "hall", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
