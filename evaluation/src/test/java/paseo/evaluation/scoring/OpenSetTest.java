package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenSetTest {
    private static final List<Probe> PROBES = List.of(
            Probe.nonMated("a", 0.1),
            Probe.nonMated("b", 0.2),
            Probe.nonMated("c", 0.3),
            Probe.nonMated("d", 0.5),
            Probe.mated("e", 0.9, 0.1),
            Probe.mated("f", 0.25, 0.2),
            Probe.mated("g", 0.6, 0.7),
            Probe.mated("h", 0.4, 0.1));

    @Test
    void ratesAtAThresholdByHand() {
        OpenSet set = OpenSet.of(PROBES);
        assertThat(set.fpir(0.3)).isEqualTo(0.5);
        assertThat(set.fpir(0.51)).isZero();
        assertThat(set.fnir(0)).isEqualTo(0.25);
        assertThat(set.fnir(0.3)).isEqualTo(0.5);
        assertThat(set.fnir(0.5)).isEqualTo(0.75);
    }

    @Test
    void theThresholdIsTheLowestThatKeepsTheRate() {
        OpenSet set = OpenSet.of(PROBES);
        for (double fpir : new double[] {0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.99}) {
            double threshold = set.threshold(fpir);
            assertThat(set.fpir(threshold)).isLessThanOrEqualTo(fpir);
            assertThat(set.fpir(Math.nextDown(threshold))).isGreaterThan(fpir);
        }
        assertThat(set.threshold(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void theCurveFallsFromStrictToLax() {
        List<OpenSet.DetPoint> curve = OpenSet.of(random(1_000, 1_000)).det(50);
        assertThat(curve).hasSizeBetween(20, 50);
        assertThat(curve.get(0).fpir()).isEqualTo(1e-3);
        assertThat(curve.get(curve.size() - 1).fpir()).isEqualTo(1);
        for (int i = 1; i < curve.size(); i++) {
            assertThat(curve.get(i).fpir()).isGreaterThan(curve.get(i - 1).fpir());
            assertThat(curve.get(i).fnir()).isLessThanOrEqualTo(curve.get(i - 1).fnir());
        }
    }

    /** Own similarities are normal around .6 and others around 0: at FPIR 1 % the threshold is 2.326 deviations up. */
    @Test
    void knownDistributionsGiveTheKnownRate() {
        OpenSet set = OpenSet.of(random(20_000, 20_000));
        assertThat(set.threshold(0.01)).isCloseTo(0.2326, within(0.006));
        Estimate.Known known =
                (Estimate.Known) OpenSet.of(random(2_000, 2_000)).fnirAtFpir(0.01, bootstrap(random(2_000, 2_000)));
        double expected = 0.00012;
        assertThat(known.low()).isLessThanOrEqualTo(expected);
        assertThat(set.fnir(set.threshold(0.01))).isCloseTo(expected, within(0.0005));
    }

    @Test
    void onePercentAsksForThreeHundredNonMatedProbes() {
        List<Probe> few = random(500, 299);
        assertThat(OpenSet.of(few).fnirAtFpir(0.01, bootstrap(few)))
                .isEqualTo(new Estimate.Unknown("not enough data: 299 non-mated probes, needs 300"));
        List<Probe> enough = random(500, 300);
        assertThat(OpenSet.of(enough).fnirAtFpir(0.01, bootstrap(enough))).isInstanceOf(Estimate.Known.class);
        assertThat(OpenSet.of(random(0, 300)).fnirAtFpir(0.01, bootstrap(enough)))
                .isEqualTo(new Estimate.Unknown("not enough data: 0 mated probes, needs 1"));
    }

    @Test
    void noMissAmongManyIsStillNotZeroForCertain() {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            probes.add(Probe.mated("m" + i, 0.9, 0.1));
            probes.add(Probe.nonMated("n" + i, 0.1));
        }
        assertThat(OpenSet.of(probes).fnirAtFpir(0.01, bootstrap(probes))).isEqualTo(new Estimate.Known(0, 0, 0.01));
    }

    @Test
    void methodsAreComparedOnTheSameDraws() {
        List<Probe> better = random(500, 500);
        List<Probe> worse = better.stream()
                .map(probe -> new Probe(probe.person(), probe.own() - 0.3, probe.other()))
                .toList();
        Bootstrap bootstrap = bootstrap(better);
        Estimate.Known gain = (Estimate.Known) bootstrap.difference(
                OpenSet.of(worse).fnirAtFpir(0.01), OpenSet.of(better).fnirAtFpir(0.01));
        assertThat(gain.low()).isPositive();
    }

    @Test
    void aFixedThresholdIsMeasuredAsItIs() {
        List<Probe> probes = random(400, 400);
        OpenSet set = OpenSet.of(probes);
        assertThat(set.fpirAt(0.1, bootstrap(probes), 0.01).value()).isEqualTo(set.fpir(0.1));
        assertThat(set.fnirAt(0.5, bootstrap(probes)).value()).isEqualTo(set.fnir(0.5));
    }

    private static Bootstrap bootstrap(List<Probe> probes) {
        return Bootstrap.byPerson(OpenSet.of(probes).persons(), 1);
    }

    private static List<Probe> random(int mated, int nonMated) {
        Random random = new Random(11);
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < mated; i++) {
            probes.add(Probe.mated("m" + i, 0.6 + 0.1 * random.nextGaussian(), -1));
        }
        for (int i = 0; i < nonMated; i++) {
            probes.add(Probe.nonMated("n" + i, 0.1 * random.nextGaussian()));
        }
        return probes;
    }
}
