package paseo.evaluation.scenes;

/** Value noise: random numbers on a grid of whole coordinates, interpolated in between. */
final class Texture {
    private final long seed;

    Texture(Dice dice) {
        this.seed = dice.below(Integer.MAX_VALUE);
    }

    /** From 0 to 1. */
    double at(double x, double y) {
        long left = (long) Math.floor(x);
        long top = (long) Math.floor(y);
        double fx = smooth(x - left);
        double fy = smooth(y - top);
        double upper = knot(left, top) * (1 - fx) + knot(left + 1, top) * fx;
        double lower = knot(left, top + 1) * (1 - fx) + knot(left + 1, top + 1) * fx;
        return upper * (1 - fy) + lower * fy;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }

    private double knot(long x, long y) {
        return (Dice.mix(seed ^ (x * 0x9E3779B1L + (y << 32))) >>> 40) / (double) (1 << 24);
    }
}
