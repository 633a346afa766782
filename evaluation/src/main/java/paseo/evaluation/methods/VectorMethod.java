package paseo.evaluation.methods;

import java.util.Comparator;
import java.util.List;
import paseo.evaluation.methods.FaceSequence.UsableFace;
import paseo.events.Embedding;

/** One vector stands for a sequence: its similarity to a person is that to the nearest of the person's sequences. */
public enum VectorMethod implements Method<Embedding> {
    /** The first usable face. */
    FIRST_FACE("first_face") {
        @Override
        public Embedding represent(FaceSequence sequence) {
            return sequence.faces().get(0).embedding();
        }
    },
    /** The face of the best quality. */
    BEST_FACE("best_face") {
        @Override
        public Embedding represent(FaceSequence sequence) {
            return sequence.faces().stream()
                    .max(Comparator.comparingDouble(UsableFace::quality))
                    .orElseThrow()
                    .embedding();
        }
    },
    /** The mean of all faces, each counted the same. */
    MEAN("mean") {
        @Override
        public Embedding represent(FaceSequence sequence) {
            float[] sum = new float[sequence.faces().get(0).embedding().dimension()];
            for (UsableFace face : sequence.faces()) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += face.embedding().get(i);
                }
            }
            return Embedding.normalised(sum);
        }
    };

    private final String key;

    VectorMethod(String key) {
        this.key = key;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public double similarity(Embedding probe, List<Embedding> person) {
        return person.stream().mapToDouble(probe::similarity).max().orElseThrow();
    }
}
