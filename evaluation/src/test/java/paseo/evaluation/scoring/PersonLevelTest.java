package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scoring.SameFrame.Shown;
import paseo.evaluation.scoring.TimeToIdentify.Appearance;

/** What a user sees of persons: when they are known, and that nobody is in two places. */
class PersonLevelTest {
    @Test
    void quantilesOfTheTimeToIdentify() {
        List<Appearance> appearances = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            appearances.add(new Appearance("p" + i, 10, OptionalDouble.of(10 + i / 100.0)));
        }
        for (int i = 101; i <= 125; i++) {
            appearances.add(new Appearance("p" + i, 10, OptionalDouble.empty()));
        }
        TimeToIdentify time = TimeToIdentify.of(appearances);
        Bootstrap bootstrap =
                Bootstrap.byPerson(appearances.stream().map(Appearance::person).toList(), 1);
        Estimate.Known p95 = (Estimate.Known) time.quantile(0.95, bootstrap);
        assertThat(p95.value()).isEqualTo(10.95 - 10);
        assertThat(p95.low()).isBetween(0.85, 0.95);
        assertThat(p95.high()).isBetween(0.95, 1.0);
        assertThat(time.quantile(0.5, bootstrap).value()).isEqualTo(10.5 - 10);
        assertThat(time.never(bootstrap).value()).isEqualTo(0.2);
    }

    @Test
    void aFewAppearancesHaveNoUpperQuantile() {
        List<Appearance> appearances = new ArrayList<>();
        for (int i = 0; i < 59; i++) {
            appearances.add(new Appearance("p" + i, 0, OptionalDouble.of(1)));
        }
        Bootstrap bootstrap = Bootstrap.byPerson(List.of("p0", "p1"), 1);
        assertThat(TimeToIdentify.of(appearances).quantile(0.95, bootstrap))
                .isEqualTo(new Estimate.Unknown("not enough data: 59 identified appearances, needs 60"));
    }

    @Test
    void oneIdTwiceInAFrameIsADuplicate() {
        List<Shown> shown = List.of(
                new Shown("a", 1, "7"),
                new Shown("a", 1, "8"),
                new Shown("a", 1, "7"),
                new Shown("a", 1, "7"),
                new Shown("a", 2, "7"),
                new Shown("b", 1, "7"));
        assertThat(SameFrame.duplicates(shown)).isEqualTo(2);
        assertThat(SameFrame.duplicates(shown.subList(3, 6))).isZero();
    }
}
