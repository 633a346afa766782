package paseo.evaluation.methods;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import paseo.evaluation.methods.FaceSequence.UsableFace;
import paseo.events.Embedding;
import paseo.events.Pose;

/** Made-up sequences. */
public final class Sequences {
    private static final Pose FRONTAL = new Pose(0, 0, 0);

    private Sequences() {}

    /** A sequence of faces with these vectors and qualities, a tenth of a second apart. */
    static FaceSequence of(String person, String id, double[] qualities, float[]... vectors) {
        List<UsableFace> faces = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            faces.add(new UsableFace(i, i * 100_000L, (float) qualities[i], FRONTAL, Embedding.normalised(vectors[i])));
        }
        return new FaceSequence(id, person, faces);
    }

    /**
     * Somebody seen at random: a vector of the person's own plus noise for the appearance and for each face, the less
     * the better the face.
     */
    public static FaceSequence seen(int person, int appearance, int dimension) {
        Random look = new Random(person);
        Random chance = new Random(31L * person + appearance + 1_000_003);
        float[] own = gaussian(look, dimension, 1);
        float[] that = gaussian(chance, dimension, 0.5);
        List<UsableFace> faces = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            double quality = 0.2 + 0.8 * chance.nextDouble();
            float[] face = gaussian(chance, dimension, 0.8 / quality);
            for (int d = 0; d < dimension; d++) {
                face[d] += own[d] + that[d];
            }
            faces.add(new UsableFace(i, i * 100_000L, (float) quality, FRONTAL, Embedding.normalised(face)));
        }
        return new FaceSequence(person + "/" + appearance, "p" + person, faces);
    }

    private static float[] gaussian(Random random, int dimension, double deviation) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (deviation * random.nextGaussian());
        }
        return vector;
    }
}
