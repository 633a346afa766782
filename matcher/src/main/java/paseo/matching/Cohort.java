package paseo.matching;

import java.util.Arrays;
import java.util.List;

/**
 * What a gallery's nearest people say about a probe. Some probes, blurred or dark ones above all, look a little like
 * everybody, and a threshold that is right for the others lets strangers through there. So a similarity is judged by
 * those to the next nearest people, the cohort ("top-norm": Zigel and Wasserblat, Odyssey 2006; Auckenthaler, Carey and
 * Lloyd-Thomas, Digital Signal Processing 10, 2000): what they are above what such a gallery should give is taken off.
 *
 * <pre>adjusted(p) = s(p) − (mean of the {@code size} largest s(q), q ≠ p − expected mean for N persons)</pre>
 *
 * <p>The adjusted similarity keeps the scale of the cosine, and for a probe like any other it is the cosine. What is
 * expected follows from the distribution of the similarities of different people: some of its quantiles and, above the
 * last of them, an {@link ImpostorTail}.
 *
 * @param size most people to compare with, at least {@value #FEWEST}; 0 to take similarities as they are
 * @param quantiles similarities that the shares {@link #SHARES} of different people reach, ascending; none where the
 *     size is 0
 * @param tail above the last quantile
 */
public record Cohort(int size, List<Double> quantiles, ImpostorTail tail) {
    /** Shares whose similarities are kept; the last is the tail's rate. A cohort is never more than a third. */
    public static final List<Double> SHARES = List.of(0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01);

    /** With fewer, chance decides more than the probe does: then similarities stay as they are. */
    static final int FEWEST = 3;

    /** A cohort is the nearest part of a gallery, not half of it. */
    private static final int LEAST_SHARE = 3;

    /** Expected place of an order statistic among N: (i − 0.375) / (N + 0.25) (Blom, 1958). */
    private static final double BLOM = 0.375;

    public Cohort {
        if (size != 0 && size < FEWEST) {
            throw new IllegalArgumentException("a cohort has at least " + FEWEST + " people, not " + size);
        }
        int needed = size == 0 ? 0 : SHARES.size();
        if (quantiles.size() != needed
                || !quantiles.equals(quantiles.stream().sorted().toList())) {
            throw new IllegalArgumentException(
                    "a cohort of " + size + " has " + needed + " ascending quantiles, not " + quantiles);
        }
        quantiles = List.copyOf(quantiles);
    }

    /** No cohort. */
    public static Cohort none(ImpostorTail tail) {
        return new Cohort(0, List.of(), tail);
    }

    /**
     * Makes the similarities of one probe comparable with those of other probes.
     *
     * @param similarities to different people, in any order: the nearest of a gallery, or all of it
     * @param persons in the gallery, at least as many
     * @return the adjusted similarities in the same order; unchanged where there are too few people
     */
    public double[] adjust(double[] similarities, long persons) {
        int people = (int) Math.min(size, Math.min(persons / LEAST_SHARE, similarities.length - 1L));
        if (people < FEWEST) {
            return similarities.clone();
        }
        double[] sorted = similarities.clone();
        Arrays.sort(sorted);
        double last = sorted[sorted.length - people];
        double next = sorted[sorted.length - people - 1];
        double sum = 0;
        for (int i = sorted.length - people; i < sorted.length; i++) {
            sum += sorted[i];
        }
        double expected = expected(people, persons - 1);
        double[] adjusted = new double[similarities.length];
        for (int i = 0; i < similarities.length; i++) {
            double own = similarities[i];
            double others = own >= last ? sum - own + next : sum;
            adjusted[i] = own - (others / people - expected);
        }
        return adjusted;
    }

    /** Mean of the largest of so many similarities of different people. */
    double expected(int people, long persons) {
        double sum = 0;
        for (int i = 1; i <= people; i++) {
            sum += quantile((i - BLOM) / (persons + 2 - 2 * BLOM));
        }
        return sum / people;
    }

    /** The similarity that a share of different people reaches: between quantiles linear in the share's logarithm. */
    private double quantile(double share) {
        int last = SHARES.size() - 1;
        if (share <= SHARES.get(last)) {
            return tail.similarityAt(share);
        }
        int upper = 1;
        while (upper < last && share < SHARES.get(upper)) {
            upper++;
        }
        double from = SHARES.get(upper - 1);
        double part = Math.log(from / share) / Math.log(from / SHARES.get(upper));
        return quantiles.get(upper - 1) + Math.max(0, part) * (quantiles.get(upper) - quantiles.get(upper - 1));
    }
}
