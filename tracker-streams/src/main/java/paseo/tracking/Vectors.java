package paseo.tracking;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Arithmetic on embeddings, always summed in the same order: the last bit is part of the outcome. */
final class Vectors {
    private Vectors() {}

    /** Cosine of two unit vectors; 0 for vectors of different model packs, which tell nothing about each other. */
    static double similarity(float[] a, float[] b) {
        if (a.length != b.length) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
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

    static double length(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    static float[] scaled(double[] vector, double factor) {
        float[] scaled = new float[vector.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (vector[i] * factor);
        }
        return scaled;
    }
}
