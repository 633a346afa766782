package paseo.matching;

/**
 * Unit vectors, coarsely: a bit a dimension, which says on which side of zero it is, to choose by; and a byte a
 * dimension, to compare the chosen by. A probe is compared at sixteen times finer steps, so that only what is kept is
 * rounded.
 */
final class VectorCodes {
    private static final float STEPS = 127;
    private static final int FINER = 16;
    /** The largest component is taken to be so many times the usual one; beyond, it is cut off. */
    private static final double LARGEST = 6;

    private final int dimension;
    private final int words;
    private final float steps;

    VectorCodes(int dimension) {
        this.dimension = dimension;
        this.words = (dimension + Long.SIZE - 1) / Long.SIZE;
        // Components of unit vectors of a hundred dimensions or more are small: three times that does not fit a byte.
        this.steps = (float) (STEPS * Math.sqrt(dimension) / Math.max(1, Math.min(LARGEST, Math.sqrt(dimension))));
    }

    int dimension() {
        return dimension;
    }

    /** Longs of a code. */
    int words() {
        return words;
    }

    /** The signs. */
    long[] signs(float[] vector) {
        long[] code = new long[words];
        for (int i = 0; i < dimension; i++) {
            if (vector[i] > 0) {
                code[i / Long.SIZE] |= 1L << i;
            }
        }
        return code;
    }

    /** Writes the bytes to a place. */
    void bytes(float[] vector, byte[] to, int at) {
        for (int i = 0; i < dimension; i++) {
            to[at + i] = (byte) Math.round(Math.max(-STEPS, Math.min(STEPS, vector[i] * steps)));
        }
    }

    /** What the bytes at a place stand for. */
    float[] vector(byte[] bytes, int at) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = bytes[at + i] / steps;
        }
        return vector;
    }

    /** A vector that bytes are compared with. */
    int[] probe(float[] vector) {
        int[] probe = new int[dimension];
        for (int i = 0; i < dimension; i++) {
            probe[i] = Math.round(vector[i] * steps * FINER);
        }
        return probe;
    }

    /** In how many signs two codes differ. */
    int differing(long[] one, long[] others, int at) {
        int differing = 0;
        for (int w = 0; w < words; w++) {
            differing += Long.bitCount(one[w] ^ others[at + w]);
        }
        return differing;
    }

    /**
     * The inner product of a probe and the bytes at a place, in the square of steps: fits, as both are unit vectors.
     */
    static int dot(int[] probe, byte[] others, int at) {
        int a = 0;
        int b = 0;
        int i = 0;
        for (; i + 1 < probe.length; i += 2) {
            a += probe[i] * others[at + i];
            b += probe[i + 1] * others[at + i + 1];
        }
        if (i < probe.length) {
            a += probe[i] * others[at + i];
        }
        return a + b;
    }

    /** The inner product of two vectors. */
    static float dot(float[] one, float[] other) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < one.length; i += 4) {
            a += one[i] * other[i];
            b += one[i + 1] * other[i + 1];
            c += one[i + 2] * other[i + 2];
            d += one[i + 3] * other[i + 3];
        }
        for (; i < one.length; i++) {
            a += one[i] * other[i];
        }
        return a + b + c + d;
    }
}
