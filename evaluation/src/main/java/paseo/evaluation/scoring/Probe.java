package paseo.evaluation.scoring;

/**
 * A search of the gallery with its similarities, whatever was decided.
 *
 * @param person who it is in truth, and who is resampled with it
 * @param own best similarity to their own person; negative infinity where they are not in the gallery
 * @param other best similarity to anybody else; negative infinity where there is nobody else
 */
public record Probe(String person, double own, double other) {
    public Probe {
        if (Double.isNaN(own) || Double.isNaN(other)) {
            throw new IllegalArgumentException("a similarity of " + person + " is not a number");
        }
    }

    /** Somebody who is in the gallery. */
    public static Probe mated(String person, double own, double other) {
        return new Probe(person, own, other);
    }

    /** Somebody who is not in the gallery. */
    public static Probe nonMated(String person, double other) {
        return new Probe(person, Double.NEGATIVE_INFINITY, other);
    }

    /** Whether the person is in the gallery. */
    public boolean mated() {
        return own > Double.NEGATIVE_INFINITY;
    }
}
