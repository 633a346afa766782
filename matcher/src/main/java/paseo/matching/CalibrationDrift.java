package paseo.matching;

/**
 * Whether strangers are as similar in the field as the calibration says. Two people in one frame are strangers for sure
 * and cost no labelling; the share of such pairs that reach the beginning of the tail is compared with the tail's rate
 * there, because that is where the fewest pairs tell the most.
 *
 * <p>Not thread-safe.
 */
final class CalibrationDrift {
    /** Twice as many false matches as were asked for. */
    static final double ALARMING = 2;

    /** The alarm is looked at with every new pair, so a single look must hardly ever be wrong. */
    private static final double LARGEST_P = 1e-4;

    private final ImpostorTail tail;
    private long pairs;
    private long alike;

    CalibrationDrift(ImpostorTail tail) {
        this.tail = tail;
    }

    /** Adds a pair of strangers, each at most once. */
    void add(double similarity) {
        pairs++;
        alike += similarity >= tail.from() ? 1 : 0;
    }

    /** Pairs so far. */
    long pairs() {
        return pairs;
    }

    /** How many times as many pairs are alike as expected; not a number before the first pair. */
    double ratio() {
        return pairs == 0 ? Double.NaN : alike / (tail.rate() * pairs);
    }

    /**
     * Whether more than {@link #ALARMING} times as many pairs are alike as expected, beyond chance: were it just that
     * many, a share like the observed one or above would have a probability of at most exp(-n · KL(observed ‖ that))
     * (Chernoff's bound of the binomial tail; Hoeffding, JASA 58, 1963), and this is below 1e-4.
     */
    boolean alarming() {
        double limit = ALARMING * tail.rate();
        if (pairs == 0 || limit >= 1) {
            return false;
        }
        double observed = (double) alike / pairs;
        return observed > limit && pairs * divergence(observed, limit) > -Math.log(LARGEST_P);
    }

    /** Kullback-Leibler divergence of two coins, in nats. */
    private static double divergence(double observed, double expected) {
        double heads = observed * Math.log(observed / expected);
        double tails = observed == 1 ? 0 : (1 - observed) * Math.log((1 - observed) / (1 - expected));
        return heads + tails;
    }
}
