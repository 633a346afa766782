package paseo.tracking;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Arithmetic on embeddings, always summed in the same order: the last bit is part of the outcome. */
final class Vectors {
    private static final int LANES = 4;

    private Vectors() {}

    /** Cosine of two unit vectors; 0 for vectors of different model packs, which tell nothing about each other. */
    static double similarity(float[] a, float[] b) {
        if (a.length != b.length) {
            return 0;
        }
        // Four sums at once, because each addition waits for the one before.
        double[] sums = new double[LANES];
        int i = 0;
        for (; i + LANES <= a.length; i += LANES) {
            sums[0] += (double) a[i] * b[i];
            sums[1] += (double) a[i + 1] * b[i + 1];
            sums[2] += (double) a[i + 2] * b[i + 2];
            sums[3] += (double) a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            sums[0] += (double) a[i] * b[i];
        }
        return sums[0] + sums[1] + sums[2] + sums[3];
    }

    static double[] sum(Collection<KeptFace> faces, int dimension, ToDoubleFunction<KeptFace> weightOf) {
        double[] sum = new double[dimension];
        for (KeptFace face : faces) {
            double weight = weightOf.applyAsDouble(face);
            for (int i = 0; i < dimension; i++) {
                sum[i] += weight * face.vector()[i];
            }
        }
        return sum;
    }

    /** Of two sums of embeddings; 0 for those of different model packs. */
    static double dot(double[] a, double[] b) {
        if (a.length != b.length) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double length(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    static float[] scaled(double[] vector, double factor) {
        float[] scaled = new float[vector.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (vector[i] * factor);
        }
        return scaled;
    }
}
