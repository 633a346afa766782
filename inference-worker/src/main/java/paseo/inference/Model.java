package paseo.inference;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** A model of one image-like input and float32 outputs, ready to compute. Safe for many threads at once. */
interface Model extends AutoCloseable {
    /**
     * Loads a model from the bytes of its one file. On an accelerator what many threads ask for at once is computed
     * together, where the model takes more than one picture at a time.
     *
     * @param name to name in an error
     * @param shape of the input, -1 where any size must do
     * @param rows values in a row of each output, in any order
     * @throws ModelPackException if it is not such a model
     */
    static Model load(String name, byte[] model, long[] shape, List<Long> rows, Accelerator accelerator) {
        OnnxModel loaded = OnnxModel.load(name, model, shape, rows, accelerator);
        return accelerator.device() == Device.CPU || !loaded.takesBatches()
                ? loaded
                : new BatchingModel(name, loaded, () -> OnnxModel.load(name, model, shape, rows, accelerator));
    }

    /** Names of the outputs in the model's order. */
    List<String> outputs();

    /**
     * Computes the outputs, in the model's order.
     *
     * @param values direct buffer; as many values as {@code shape} has are read from index 0
     * @param shape of the input, pictures first
     */
    List<FloatBuffer> run(FloatBuffer values, long... shape);

    /** The same for a model of a {@link ByteInput}. */
    List<FloatBuffer> run(ByteBuffer values, long... shape);

    /**
     * The same from either kind of values. The first run with {@code into} learns how large its outputs are and gives
     * them in memory of their own, further ones write there. A model that cannot do so never does.
     *
     * @param into for inputs of one shape, and one run at a time
     * @return outputs that are good until the next run with {@code into}
     */
    default List<FloatBuffer> run(Buffer values, OutputBuffers into, long... shape) {
        return values instanceof ByteBuffer bytes ? run(bytes, shape) : run((FloatBuffer) values, shape);
    }

    /** Releases the model; nobody may be computing with it. */
    @Override
    void close();
}
