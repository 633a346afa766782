package paseo.events;

/** NaN spreads silently through every mean and comparison, so it is stopped at the contract. */
final class Finite {
    private Finite() {}

    static void check(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new EventFormatException(what + " must be a finite number, not " + value);
        }
    }
}
