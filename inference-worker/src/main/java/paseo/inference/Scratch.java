package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Direct buffers that one thread uses again and again; what was in them is gone with the next request. */
final class Scratch {
    private ByteBuffer pixels = ByteBuffer.allocateDirect(0);
    private FloatBuffer input = OnnxModel.buffer(0);

    /** For a picture of blue, green, red. */
    ByteBuffer pixels(int width, int height) {
        pixels = PixelScaler.grown(pixels, width, height);
        return pixels;
    }

    /** For at least that many values of a model's input. */
    FloatBuffer input(int values) {
        if (input.capacity() < values) {
            input = OnnxModel.buffer(values);
        }
        return input;
    }
}
