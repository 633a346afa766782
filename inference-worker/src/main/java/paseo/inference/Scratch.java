package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Direct buffers that one thread uses again and again; what was in them is gone with the next request. */
final class Scratch {
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);
    private FloatBuffer input = OnnxModel.buffer(0);

    /** For at least that many bytes of a model's input, aligned for vector instructions. */
    ByteBuffer bytes(int values) {
        if (bytes.capacity() < values) {
            bytes = ByteBuffer.allocateDirect(values + 4 * PixelScaler.SPARE).alignedSlice(PixelScaler.SPARE);
        }
        return bytes;
    }

    /** For at least that many values of a model's input. */
    FloatBuffer input(int values) {
        if (input.capacity() < values) {
            input = OnnxModel.buffer(values);
        }
        return input;
    }
}
