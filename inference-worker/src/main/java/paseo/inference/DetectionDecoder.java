package paseo.inference;

import java.nio.FloatBuffer;
import java.util.List;

/** Reads a detector's raw outputs. */
@FunctionalInterface
interface DetectionDecoder {
    /**
     * The detections in the outputs, overlapping ones not yet suppressed, in pixels of the input.
     *
     * @param outputs in the model's order
     * @param width of the input, pixels
     * @param height of the input, pixels
     * @param score least score
     */
    List<Detection> decode(List<FloatBuffer> outputs, int width, int height, float score);
}
