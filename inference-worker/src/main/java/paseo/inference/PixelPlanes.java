package paseo.inference;

import java.nio.FloatBuffer;

/** Lays bytes of pixels out as a model's input: one plane of floats per colour. */
final class PixelPlanes {
    private final float[] normalised = new float[256];
    private final int first;

    PixelPlanes(ModelPack.PixelFormat format) {
        for (int value = 0; value < normalised.length; value++) {
            normalised[value] = (value - format.mean()) / format.deviation();
        }
        first = format.channels() == ModelPack.Channels.BGR ? 0 : 2;
    }

    /** Fills one of a batch of inputs of a crop's size. */
    void fill(Crop crop, FloatBuffer input, int number) {
        byte[] bgr = crop.bgr();
        int size = crop.width() * crop.height();
        for (int plane = 0; plane < 3; plane++) {
            int colour = Math.abs(first - plane);
            int to = (3 * number + plane) * size;
            for (int i = 0; i < size; i++) {
                input.put(to + i, normalised[bgr[3 * i + colour] & 0xff]);
            }
        }
    }
}
