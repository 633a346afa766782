package paseo.evaluation.methods;

import java.util.List;
import paseo.evaluation.methods.FaceSequence.UsableFace;

/**
 * The first article's way: a sequence is a cluster of faces, and two clusters are one person when the silhouette
 * coefficient (Rousseeuw, 1987) says that they don't stand apart. The less the two stand apart, the more alike. Fewer
 * than five faces are no sequence there: two single faces, of whomever, would not stand apart at all.
 */
public final class ArticleSilhouette implements Method<ArticleSilhouette.Cluster> {
    private static final double NO_DISTANCE = 1e-9;

    private static final int SHORTEST = 5;

    /** Less than any silhouette gives. */
    private static final double NOT_COMPARED = -1;

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
                .mapToDouble(stored -> similarity(probe, stored))
                .max()
                .orElseThrow();
    }

    /** 1 less the mean silhouette of all faces of the two. */
    private static double similarity(Cluster one, Cluster other) {
        if (one.faces().size() < SHORTEST || other.faces().size() < SHORTEST) {
            return NOT_COMPARED;
        }
        double sum = silhouettes(one, other) + silhouettes(other, one);
        return 1 - sum / (one.faces().size() + other.faces().size());
    }

    /** Cosine distances are linear, so a mean distance to a cluster needs only the cluster's sum. */
    private static double silhouettes(Cluster own, Cluster other) {
        int mates = own.faces().size() - 1;
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
