package paseo.inference;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Where a model puts its outputs for inputs of one shape, again and again: of many pictures they are megabytes, and
 * memory that is new for each run takes longer than to compute them. For one run at a time.
 */
final class OutputBuffers {
    private List<long[]> shapes = List.of();
    private List<FloatBuffer> buffers = List.of();

    /** Whether it is known what is needed. */
    boolean ready() {
        return !shapes.isEmpty();
    }

    /** Says what is needed; room is made when it is first asked for. */
    void expect(List<long[]> needed) {
        shapes = List.copyOf(needed);
    }

    /** Of the outputs, in the model's order. */
    List<long[]> shapes() {
        return shapes;
    }

    /** In the same order, direct; good until the next run with them. */
    List<FloatBuffer> buffers() {
        if (buffers.isEmpty()) {
            buffers = shapes.stream()
                    .map(shape -> OnnxModel.buffer(OnnxModel.count(shape)))
                    .toList();
        }
        return buffers;
    }
}
