package paseo.evaluation.scenes;

/** From low to high. */
public record Range(double low, double high) {
    public Range {
        if (!(low <= high)) {
            throw new IllegalArgumentException("a range cannot go from " + low + " to " + high);
        }
    }

    /** At 0 the low end, at 1 the high end. */
    double at(double share) {
        return low + (high - low) * share;
    }
}
