package paseo.matching;

/**
 * Whether something is as frequent in the field as the calibration says: strangers who look alike, or sequences whose
 * faces do not. Nobody has to label anything for that: two people in one frame are strangers for sure, the faces of one
 * sequence are one person's. What is counted is common enough that few observations tell.
 *
 * <p>Not thread-safe.
 */
final class CalibrationDrift {
    /** Twice as frequent as it should be. */
    static final double ALARMING = 2;

    /** The alarm is looked at with every observation, so a single look must hardly ever be wrong. */
    private static final double LARGEST_P = 1e-4;

    private final double rate;
    private long seen;
    private long happened;

    /** @param rate share of observations in which it should happen, in (0, 1) */
    CalibrationDrift(double rate) {
        this.rate = rate;
    }

    /** Adds an observation. */
    void add(boolean happens) {
        add(1, happens ? 1 : 0);
    }

    /**
     * Adds many observations.
     *
     * @param count how many
     * @param happened in how many of them it happened
     */
    void add(long count, long happened) {
        this.seen += count;
        this.happened += happened;
    }

    /** Observations so far. */
    long seen() {
        return seen;
    }

    /** How many times as often it happened as expected; not a number before the first observation. */
    double ratio() {
        return seen == 0 ? Double.NaN : happened / (rate * seen);
    }

    /**
     * Whether it happened more than {@link #ALARMING} times as often as expected, beyond chance: were it just that
     * often, a share like the observed one or above would have a probability of at most exp(-n · KL(observed ‖ that))
     * (Chernoff's bound of the binomial tail; Hoeffding, JASA 58, 1963), and this is below 1e-4.
     */
    boolean alarming() {
        double limit = ALARMING * rate;
        if (seen == 0 || limit >= 1) {
            return false;
        }
        double observed = (double) happened / seen;
        return observed > limit && seen * divergence(observed, limit) > -Math.log(LARGEST_P);
    }

    /** Kullback-Leibler divergence of two coins, in nats. */
    private static double divergence(double observed, double expected) {
        double heads = observed * Math.log(observed / expected);
        double tails = observed == 1 ? 0 : (1 - observed) * Math.log((1 - observed) / (1 - expected));
        return heads + tails;
    }
}
