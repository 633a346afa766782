package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Lays bytes of pixels out as a model's input: one plane of floats per colour. */
final class PixelPlanes {
    private final float[] normalised = new float[256];
    private final float padding;
    private final int first;

    PixelPlanes(ModelPack.PixelFormat format) {
        for (int value = 0; value < normalised.length; value++) {
            normalised[value] = (value - format.mean()) / format.deviation();
        }
        padding = normalised[0];
        first = format.channels() == ModelPack.Channels.BGR ? 0 : 2;
    }

    /**
     * Fills an input from a picture at its top left, black elsewhere.
     *
     * @param bgr rows of the picture without gaps, from index 0
     * @param width of the picture
     * @param height of the picture
     * @param input from index {@code at}; three planes of {@code inputWidth * inputHeight}
     */
    void fill(ByteBuffer bgr, int width, int height, FloatBuffer input, int at, int inputWidth, int inputHeight) {
        for (int plane = 0; plane < 3; plane++) {
            int colour = Math.abs(first - plane);
            int start = at + plane * inputWidth * inputHeight;
            for (int y = 0; y < inputHeight; y++) {
                int to = start + y * inputWidth;
                int from = y * width * 3 + colour;
                int pixels = y < height ? width : 0;
                for (int x = 0; x < pixels; x++) {
                    input.put(to + x, normalised[bgr.get(from + 3 * x) & 0xff]);
                }
                for (int x = pixels; x < inputWidth; x++) {
                    input.put(to + x, padding);
                }
            }
        }
    }

    /** Fills one of a batch of inputs of a crop's size. */
    void fill(Crop crop, FloatBuffer input, int number) {
        int values = 3 * crop.width() * crop.height();
        fill(
                ByteBuffer.wrap(crop.bgr()),
                crop.width(),
                crop.height(),
                input,
                number * values,
                crop.width(),
                crop.height());
    }
}
