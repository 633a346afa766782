package paseo.evaluation.scoring;

import java.util.Arrays;

/** Scores of following people, from counts of boxes. NaN where there is nothing to divide by. */
public final class TrackingScore {
    /** Counts that are not by threshold. */
    private static final int SINGLE = 6;

    double truth;
    double predicted;
    double matched;
    double switches;
    double fragments;
    double identified;
    final double[] found = new double[HigherOrderMatches.ALPHAS];
    final double[] association = new double[HigherOrderMatches.ALPHAS];

    TrackingScore() {}

    /** Adds the counts of another. */
    void add(TrackingScore other) {
        truth += other.truth;
        predicted += other.predicted;
        matched += other.matched;
        switches += other.switches;
        fragments += other.fragments;
        identified += other.identified;
        for (int alpha = 0; alpha < found.length; alpha++) {
            found[alpha] += other.found[alpha];
            association[alpha] += other.association[alpha];
        }
    }

    /** All counts in a row. */
    double[] counts() {
        double[] counts = Arrays.copyOf(
                new double[] {truth, predicted, matched, switches, fragments, identified}, SINGLE + 2 * found.length);
        System.arraycopy(found, 0, counts, SINGLE, found.length);
        System.arraycopy(association, 0, counts, SINGLE + found.length, association.length);
        return counts;
    }

    /** Of all counts in a row. */
    static TrackingScore of(double[] counts) {
        TrackingScore score = new TrackingScore();
        score.truth = counts[0];
        score.predicted = counts[1];
        score.matched = counts[2];
        score.switches = counts[3];
        score.fragments = counts[4];
        score.identified = counts[5];
        System.arraycopy(counts, SINGLE, score.found, 0, score.found.length);
        System.arraycopy(counts, SINGLE + score.found.length, score.association, 0, score.association.length);
        return score;
    }

    /** True boxes. */
    public double truth() {
        return truth;
    }

    /** Predicted boxes. */
    public double predicted() {
        return predicted;
    }

    /** Predicted boxes that match nobody at IoU .5. */
    public double falsePositives() {
        return predicted - matched;
    }

    /** True boxes that nothing matches at IoU .5. */
    public double falseNegatives() {
        return truth - matched;
    }

    /** How often a person's track changed. */
    public double switches() {
        return switches;
    }

    /** How often a person was lost and found again while in view. */
    public double fragments() {
        return fragments;
    }

    /** Share of true boxes found at IoU .5. */
    public double recall() {
        return matched / truth;
    }

    /** Share of predicted boxes that are right at IoU .5. */
    public double precision() {
        return matched / predicted;
    }

    /** 1 − (FN + FP + switches) / truth. */
    public double mota() {
        return 1 - (falseNegatives() + falsePositives() + switches) / truth;
    }

    /** 2 IDTP / (truth + predicted), persons and tracks paired one to one (Ristani et al. 2016). */
    public double idf1() {
        return 2 * identified / (truth + predicted);
    }

    /** IDTP / predicted. */
    public double idp() {
        return identified / predicted;
    }

    /** IDTP / truth. */
    public double idr() {
        return identified / truth;
    }

    /** Mean over the thresholds of √(DetA · AssA). */
    public double hota() {
        double sum = 0;
        for (int alpha = 0; alpha < found.length; alpha++) {
            sum += Math.sqrt(detA(alpha) * assA(alpha));
        }
        return sum / found.length;
    }

    /** Detection accuracy, TP / (TP + FN + FP), mean over the thresholds. */
    public double detA() {
        double sum = 0;
        for (int alpha = 0; alpha < found.length; alpha++) {
            sum += detA(alpha);
        }
        return sum / found.length;
    }

    /** Association accuracy, mean over the boxes found of TPA / (TPA + FNA + FPA), then over the thresholds. */
    public double assA() {
        double sum = 0;
        for (int alpha = 0; alpha < found.length; alpha++) {
            sum += assA(alpha);
        }
        return sum / found.length;
    }

    private double detA(int alpha) {
        return found[alpha] / (truth + predicted - found[alpha]);
    }

    /** 0 where nothing was found. */
    private double assA(int alpha) {
        return association[alpha] / Math.max(1, found[alpha]);
    }
}
