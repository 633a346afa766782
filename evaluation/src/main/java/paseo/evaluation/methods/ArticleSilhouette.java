package paseo.evaluation.methods;

import java.util.List;
import paseo.evaluation.methods.FaceSequence.UsableFace;

/**
 * The first article's way: a sequence is a cluster of faces, and two clusters are one person when the silhouette
 * coefficient (Rousseeuw, 1987) says that they don't stand apart. The less the two stand apart, the more alike.
 */
public final class ArticleSilhouette implements Method<ArticleSilhouette.Cluster> {
    private static final double NO_DISTANCE = 1e-9;

    /** Unit vectors and their sum. */
    static final class Cluster {
        private final List<float[]> faces;
        private final double[] sum;

        Cluster(List<float[]> faces, double[] sum) {
            this.faces = faces;
            this.sum = sum;
        }

        List<float[]> faces() {
            return faces;
        }

        double[] sum() {
            return sum;
        }
    }

    @Override
    public String key() {
        return "article";
    }

    @Override
    public Cluster represent(FaceSequence sequence) {
        List<float[]> vectors = sequence.faces().stream()
                .map(UsableFace::embedding)
                .map(embedding -> embedding.toArray())
                .toList();
        double[] sum = new double[vectors.get(0).length];
        for (float[] vector : vectors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        return new Cluster(vectors, sum);
    }

    @Override
    public double similarity(Cluster probe, List<Cluster> person) {
        return person.stream()
                .mapToDouble(stored -> 1 - silhouette(probe, stored))
                .max()
                .orElseThrow();
    }

    /** Mean silhouette of all faces of the two; a single face has none of its own and counts as 0. */
    private static double silhouette(Cluster one, Cluster other) {
        double sum = silhouettes(one, other) + silhouettes(other, one);
        return sum / (one.faces().size() + other.faces().size());
    }

    /** Cosine distances are linear, so a mean distance to a cluster needs only the cluster's sum. */
    private static double silhouettes(Cluster own, Cluster other) {
        int mates = own.faces().size() - 1;
        if (mates == 0) {
            return 0;
        }
        double sum = 0;
        for (float[] face : own.faces()) {
            double a = 1 - (dot(face, own.sum()) - 1) / mates;
            double b = 1 - dot(face, other.sum()) / other.faces().size();
            double larger = Math.max(a, b);
            sum += larger < NO_DISTANCE ? 0 : (b - a) / larger;
        }
        return sum;
    }

    private static double dot(float[] vector, double[] sum) {
        double dot = 0;
        for (int i = 0; i < vector.length; i++) {
            dot += vector[i] * sum[i];
        }
        return dot;
    }
}
