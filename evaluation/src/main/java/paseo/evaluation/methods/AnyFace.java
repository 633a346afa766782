package paseo.evaluation.methods;

import java.util.List;
import paseo.evaluation.methods.FaceSequence.UsableFace;
import paseo.events.Embedding;

/** Any face of the one against any face of the other: the nearest pair decides. */
public final class AnyFace implements Method<List<float[]>> {
    @Override
    public String key() {
        return "any_face";
    }

    @Override
    public List<float[]> represent(FaceSequence sequence) {
        return sequence.faces().stream()
                .map(UsableFace::embedding)
                .map(Embedding::toArray)
                .toList();
    }

    @Override
    public double similarity(List<float[]> probe, List<List<float[]>> person) {
        float nearest = -1;
        for (List<float[]> sequence : person) {
            for (float[] stored : sequence) {
                for (float[] face : probe) {
                    nearest = Math.max(nearest, dot(stored, face));
                }
            }
        }
        return nearest;
    }

    /** Two long sequences have thousands of pairs: four sums let the compiler keep the multiplications apart. */
    private static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + s2 + s3;
    }
}
