package paseo.inference;

/** How long pictures take: slower at once, faster little by little. A function of its input. */
final class Pace {
    private static final double SMOOTHING = 0.2;

    /** What the first pictures, which warm everything up, may take each. */
    private static final double AT_FIRST_MICROS = 300_000;

    private double microsPerPicture = AT_FIRST_MICROS;

    /** Pictures took so long together. */
    void took(int pictures, long nanos) {
        if (pictures > 0) {
            double each = nanos / 1000.0 / pictures;
            double smooth = microsPerPicture + SMOOTHING * (each - microsPerPicture);
            microsPerPicture = Math.max(each, smooth);
        }
    }

    /** What one takes, in microseconds. */
    double micros() {
        return microsPerPicture;
    }

    /** It is less than was thought. */
    void halve() {
        microsPerPicture /= 2;
    }

    /** How many pictures take that long, at least one for each thread: none is to have nothing to do. */
    int picturesIn(long micros, int threads) {
        return (int) Math.max(threads, micros / microsPerPicture);
    }
}
