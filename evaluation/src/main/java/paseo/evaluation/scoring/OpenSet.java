package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import paseo.evaluation.scoring.Bootstrap.Outcome;
import paseo.evaluation.scoring.Bootstrap.Places;
import paseo.evaluation.scoring.Bootstrap.Statistic;

/**
 * Open-set identification at any threshold, from searches with their similarities (NIST IR 8271, section 3): a search
 * returns the nearest person when they reach the threshold.
 *
 * <ul>
 *   <li>FPIR(t): share of non-mated probes whose nearest person reaches t.
 *   <li>FNIR(t): share of mated probes whose own person doesn't reach t or isn't nearer than everybody else.
 * </ul>
 */
public final class OpenSet {
    private final List<Probe> mated;
    /** Most similar to somebody else first. */
    private final List<Probe> nonMated;

    private final Places matedPlaces;
    private final Places nonMatedPlaces;

    /**
     * One point of a detection error trade-off curve.
     *
     * @param threshold that gives the two rates
     */
    public record DetPoint(double threshold, double fpir, double fnir) {}

    private OpenSet(List<Probe> mated, List<Probe> nonMated) {
        this.mated = mated;
        this.nonMated = nonMated;
        this.matedPlaces = new Places(mated.stream().map(Probe::person).toList());
        this.nonMatedPlaces = new Places(nonMated.stream().map(Probe::person).toList());
    }

    /** Of these searches, in any order. */
    public static OpenSet of(Collection<Probe> probes) {
        List<Probe> mated = probes.stream().filter(Probe::mated).toList();
        List<Probe> nonMated = probes.stream()
                .filter(probe -> !probe.mated())
                .sorted(Comparator.comparingDouble(Probe::other).reversed())
                .toList();
        return new OpenSet(mated, nonMated);
    }

    /** Mated probes. */
    public int mated() {
        return mated.size();
    }

    /** Non-mated probes. */
    public int nonMated() {
        return nonMated.size();
    }

    /** Who has to be resampled. */
    public Set<String> persons() {
        Set<String> persons = new HashSet<>();
        mated.forEach(probe -> persons.add(probe.person()));
        nonMated.forEach(probe -> persons.add(probe.person()));
        return persons;
    }

    /** FPIR at a threshold; NaN without non-mated probes. */
    public double fpir(double threshold) {
        return (double) nonMated.stream()
                        .filter(probe -> probe.other() >= threshold)
                        .count()
                / nonMated.size();
    }

    /** FNIR at a threshold; NaN without mated probes. */
    public double fnir(double threshold) {
        return (double) mated.stream().filter(probe -> missed(probe, threshold)).count() / mated.size();
    }

    private static boolean missed(Probe probe, double threshold) {
        return probe.own() < threshold || probe.other() >= probe.own();
    }

    /**
     * The lowest threshold whose FPIR is at most the one asked for.
     *
     * @param fpir in [0, 1]
     */
    public double threshold(double fpir) {
        int[] once = new int[nonMated.size()];
        Arrays.fill(once, 1);
        return threshold(fpir, once);
    }

    private double threshold(double fpir, int[] times) {
        double budget = fpir * Arrays.stream(times).sum() + 1e-9;
        double seen = 0;
        for (int i = 0; i < times.length; i++) {
            seen += times[i];
            if (seen > budget) {
                return Math.nextUp(nonMated.get(i).other());
            }
        }
        return Double.NEGATIVE_INFINITY;
    }

    /**
     * FNIR at a FPIR as a statistic, the threshold found anew on each draw; for comparing methods on the same draws.
     */
    public Statistic fnirAtFpir(double fpir) {
        return weights -> fnir(threshold(fpir, nonMatedPlaces.times(weights)), matedPlaces.times(weights));
    }

    private double fnir(double threshold, int[] times) {
        long missed = 0;
        long all = 0;
        for (int i = 0; i < times.length; i++) {
            all += times[i];
            missed += missed(mated.get(i), threshold) ? times[i] : 0;
        }
        return (double) missed / all;
    }

    /**
     * FNIR at a FPIR. By the rule of three a FPIR of 1 % asks for 300 non-mated probes.
     *
     * @param fpir in (0, 1)
     */
    public Estimate fnirAtFpir(double fpir, Bootstrap bootstrap) {
        long need = Bootstrap.ruleOfThree(fpir);
        if (nonMated.size() < need) {
            return Estimate.notEnough(nonMated.size(), need, "non-mated probes");
        }
        if (mated.isEmpty()) {
            return Estimate.notEnough(0, 1, "mated probes");
        }
        return Bootstrap.widened(bootstrap.estimate(fnirAtFpir(fpir)), mated.size());
    }

    /**
     * FPIR at a threshold that was chosen elsewhere.
     *
     * @param smallest the rate that has to be seen, see {@link Bootstrap#rate}
     */
    public Estimate fpirAt(double threshold, Bootstrap bootstrap, double smallest) {
        List<Outcome> outcomes = nonMated.stream()
                .map(probe -> new Outcome(probe.person(), probe.other() >= threshold))
                .toList();
        return bootstrap.rate(outcomes, "non-mated probes", smallest);
    }

    /** FNIR at a threshold that was chosen elsewhere. */
    public Estimate fnirAt(double threshold, Bootstrap bootstrap) {
        List<Outcome> outcomes = mated.stream()
                .map(probe -> new Outcome(probe.person(), missed(probe, threshold)))
                .toList();
        return bootstrap.rate(outcomes, "mated probes", 0);
    }

    /**
     * The detection error trade-off, from the smallest FPIR these probes can show to 1.
     *
     * @param points at most so many, at least 2, evenly spaced in the logarithm of FPIR
     */
    public List<DetPoint> det(int points) {
        List<DetPoint> curve = new ArrayList<>();
        if (nonMated.isEmpty() || mated.isEmpty()) {
            return curve;
        }
        double smallest = 1.0 / nonMated.size();
        for (int i = 0; i < points; i++) {
            double threshold = threshold(Math.pow(smallest, 1 - (double) i / (points - 1)));
            DetPoint point = new DetPoint(threshold, fpir(threshold), fnir(threshold));
            if (curve.isEmpty() || curve.get(curve.size() - 1).threshold() != threshold) {
                curve.add(point);
            }
        }
        return curve;
    }
}
