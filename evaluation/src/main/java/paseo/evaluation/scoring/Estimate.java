package paseo.evaluation.scoring;

import java.util.function.DoubleUnaryOperator;

/** A number from a sample: with its interval, or the reason why the sample says nothing. */
public sealed interface Estimate {
    /**
     * A number.
     *
     * @param low lower end of the 95 % confidence interval
     * @param high upper end
     */
    record Known(double value, double low, double high) implements Estimate {
        public Known {
            if (!Double.isFinite(value) || !(low <= high)) {
                throw new IllegalArgumentException("not an estimate: " + value + " in [" + low + ", " + high + "]");
            }
        }
    }

    /**
     * No number.
     *
     * @param why in words, such as {@code not enough data: 120 non-mated probes, needs 300}
     */
    record Unknown(String why) implements Estimate {}

    /** A number that is counted, not estimated: its interval is itself. */
    static Estimate exact(double value) {
        return new Known(value, value, value);
    }

    /** Too few of something. */
    static Estimate notEnough(long have, long need, String ofWhat) {
        return new Unknown("not enough data: " + have + " " + ofWhat + ", needs " + need);
    }

    /** The number, or NaN. */
    default double value() {
        return this instanceof Known known ? known.value() : Double.NaN;
    }

    /**
     * A decreasing or increasing function of this.
     *
     * @param function monotonic
     */
    default Estimate map(DoubleUnaryOperator function) {
        if (!(this instanceof Known known)) {
            return this;
        }
        double a = function.applyAsDouble(known.low());
        double b = function.applyAsDouble(known.high());
        return new Known(function.applyAsDouble(known.value()), Math.min(a, b), Math.max(a, b));
    }
}
