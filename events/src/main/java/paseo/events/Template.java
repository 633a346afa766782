package paseo.events;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What stands for a sequence or person in comparison. Mergeable: the weighted sum of the embeddings in the centre is
 * {@code centre × concentration × weight}, and sums add.
 *
 * @param centre direction of the weighted mean
 * @param weight sum of the weights, above 0
 * @param concentration length of the weighted mean of unit vectors, in (0, 1]: 1 when all agree
 * @param faceCount faces in the centre
 * @param prototypes up to five diverse good faces, best first
 */
public record Template(
        Embedding centre, double weight, double concentration, int faceCount, List<Prototype> prototypes) {
    public Template {
        Finite.check("weight", weight);
        Finite.check("concentration", concentration);
        if (weight <= 0 || concentration <= 0 || concentration > 1 + 1e-6) {
            throw new EventFormatException(
                    "a template cannot have weight " + weight + " and concentration " + concentration);
        }
        prototypes = List.copyOf(prototypes);
    }

    /**
     * One good face of a sequence.
     *
     * @param frame number of its frame
     * @param faceIndex its place in the frame
     * @param captureTimeMicros capture time of its frame
     * @param quality in [0, 1]
     * @param pose of the head
     * @param embedding of the same dimension as the centre
     * @param crop the aligned face as JPEG
     */
    public record Prototype(
            long frame,
            int faceIndex,
            long captureTimeMicros,
            float quality,
            Pose pose,
            Embedding embedding,
            ByteBuffer crop) {}
}
