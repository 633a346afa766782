package paseo.evaluation.methods;

import java.util.List;

/**
 * A way of saying how alike sequences are.
 *
 * @param <T> what it keeps of a sequence
 */
public interface Method<T> {
    /** Its key in reports. */
    String key();

    /** What is kept of a sequence. */
    T represent(FaceSequence sequence);

    /**
     * How alike a sequence is to a person; any scale on which more is more alike.
     *
     * @param person all stored sequences of the person, at least one
     */
    double similarity(T probe, List<T> person);

    /**
     * Makes the similarities of one probe comparable with those of others, where the method knows how.
     *
     * @param similarities to all persons of a gallery
     */
    default double[] adjust(double[] similarities) {
        return similarities;
    }
}
