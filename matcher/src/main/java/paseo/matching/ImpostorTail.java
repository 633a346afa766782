package paseo.matching;

/**
 * How often two templates of different people are as similar as {@code s} or more, for the similarities that matter: a
 * generalised Pareto distribution of the excess over a high similarity {@code u} ("peaks over threshold"; Pickands,
 * Annals of Statistics 3, 1975):
 *
 * <pre>FMR(s) = rate · (1 + shape · (s − u) / scale)^(−1 / shape)   for s ≥ u</pre>
 *
 * <p>and {@code rate · exp(−(s − u) / scale)} where the shape is 0. With a negative shape it ends at {@code u − scale /
 * shape}.
 *
 * @param from the similarity {@code u} where the tail begins, in (-1, 1)
 * @param rate share of impostor pairs at or above it, in (0, 1)
 * @param scale in units of similarity, above 0
 * @param shape below 1, so that the mean is finite; negative for a tail that ends
 */
public record ImpostorTail(double from, double rate, double scale, double shape) {
    /** Nearer to 0 than this, the shape makes no difference that a double could show. */
    private static final double NO_SHAPE = 1e-9;

    public ImpostorTail {
        check(from > -1 && from < 1, "the tail must begin at a similarity in (-1, 1), not at " + from);
        check(rate > 0 && rate < 1, "the tail's rate must lie in (0, 1), not be " + rate);
        check(scale > 0 && scale < 2, "the tail's scale must lie in (0, 2), not be " + scale);
        check(shape > -10 && shape < 1, "the tail's shape must lie in (-10, 1), not be " + shape);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * False match rate: the share of impostor pairs that reach a similarity. Below the tail nothing is known, and it is
     * the tail's whole rate, which is then too small.
     */
    public double fmr(double similarity) {
        double excess = Math.max(0, similarity - from) / scale;
        if (Math.abs(shape) < NO_SHAPE) {
            return rate * Math.exp(-excess);
        }
        double base = shape * excess;
        return base <= -1 ? 0 : rate * Math.exp(-Math.log1p(base) / shape);
    }

    /**
     * The similarity that a share of impostor pairs reaches, in [{@code from}, 1]. A share above the tail's rate gives
     * the beginning of the tail, which fewer reach: the error is on the safe side.
     *
     * @param fmr above 0
     */
    public double similarityAt(double fmr) {
        if (!(fmr > 0)) {
            throw new IllegalArgumentException("a false match rate must be above 0, not " + fmr);
        }
        double rarity = Math.max(0, Math.log(rate / fmr));
        double excess = Math.abs(shape) < NO_SHAPE ? rarity : Math.expm1(shape * rarity) / shape;
        return Math.min(1, from + scale * excess);
    }
}
