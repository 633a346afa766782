package paseo.evaluation.scenes;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random numbers that are the same everywhere: {@link Random}'s sequence is part of the Java specification. */
final class Dice {
    private final Random random;

    private Dice(long seed) {
        this.random = new Random(seed);
    }

    /**
     * Dice of their own for each thing that is decided, so that one decision more does not change the others.
     *
     * @param what names the thing
     */
    static Dice of(long seed, Object... what) {
        return new Dice(mix(mix(seed) ^ key(what)));
    }

    /** One number for several names, to name more with it. */
    static Long key(Object... what) {
        long mixed = 0;
        // A string's hash is specified; Long's and Integer's are the numbers themselves.
        for (Object part : what) {
            mixed = mix(mixed ^ (part instanceof Long number ? number : part.hashCode()));
        }
        return mixed;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    double in(Range range) {
        return between(range.low(), range.high());
    }

    /** Normal with that mean and deviation, cut off at two deviations. */
    double around(double mean, double deviation) {
        return mean + deviation * Math.max(-2, Math.min(2, random.nextGaussian()));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** 1 or -1. */
    int side() {
        return random.nextBoolean() ? 1 : -1;
    }

    /** From 0 to bound - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> void shuffle(List<T> items) {
        Collections.shuffle(items, random);
    }
}
