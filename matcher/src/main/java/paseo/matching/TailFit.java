package paseo.matching;

import java.util.Arrays;

/**
 * Fits an {@link ImpostorTail} to similarities of templates that certainly belong to different people.
 *
 * <p>By probability-weighted moments (Hosking and Wallis, "Parameter and quantile estimation for the generalized Pareto
 * distribution", Technometrics 29, 1987, section 3.3): a closed form, so there is nothing that could fail to converge,
 * and for the short tails of cosines (shape near 0) close to maximum likelihood. Moments may put the end of a short
 * tail before the largest score seen; then the shape is raised until the tail reaches it (Dupuis and Tsao, "A hybrid
 * estimator for generalized Pareto and extreme-value distributions", Communications in Statistics 27, 1998).
 */
public final class TailFit {
    /** Fewer excesses than this say little about a scale and nothing about a shape. */
    public static final int FEWEST = 100;

    /** Plotting positions (i - 0.35) / n, as recommended there. */
    private static final double PLOTTING = 0.35;

    private TailFit() {}

    /**
     * Fits the tail above a quantile.
     *
     * @param scores impostor similarities in any order: all, or at least the {@code rate · total + 1} largest
     * @param total number of impostor similarities there were
     * @param rate share of them to take as the tail, in (0, 1)
     * @throws IllegalArgumentException if fewer than {@link #FEWEST} scores make the tail, some are not numbers, or all
     *     of them are the same
     */
    public static ImpostorTail fit(double[] scores, long total, double rate) {
        if (!(rate > 0 && rate < 1) || total < scores.length) {
            throw new IllegalArgumentException("cannot take the share " + rate + " of " + total + " scores, of which "
                    + scores.length + " are here");
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        int count = (int) Math.min(Integer.MAX_VALUE, Math.floor(rate * total));
        if (count < FEWEST || count >= sorted.length) {
            throw new IllegalArgumentException("a tail of " + count + " scores cannot be fitted to " + sorted.length
                    + ": at least " + FEWEST + " and one below them are needed");
        }
        double[] excesses = new double[count];
        double from = sorted[sorted.length - count - 1];
        for (int i = 0; i < count; i++) {
            excesses[i] = sorted[sorted.length - count + i] - from;
        }
        return fit(excesses, from, (double) count / total);
    }

    /** @param excesses in ascending order */
    private static ImpostorTail fit(double[] excesses, double from, double rate) {
        double largest = excesses[excesses.length - 1];
        // Not a number sorts last.
        if (!Double.isFinite(from) || !Double.isFinite(largest) || largest <= 0) {
            throw new IllegalArgumentException("the scores of the tail must be numbers and differ");
        }
        double mean = 0;
        double weighted = 0;
        for (int i = 0; i < excesses.length; i++) {
            double below = (i + 1 - PLOTTING) / excesses.length;
            mean += excesses[i];
            weighted += (1 - below) * excesses[i];
        }
        mean /= excesses.length;
        weighted /= excesses.length;
        double shape = 2 - mean / (mean - 2 * weighted);
        double scale = 2 * mean * weighted / (mean - 2 * weighted);
        if (shape < 0 && -scale / shape < largest) {
            shape = -scale / largest;
        }
        return new ImpostorTail(from, rate, scale, shape);
    }
}
