package paseo.inference;

/**
 * How sharp an aligned face is: the variance of its Laplacian over the variance of its brightness, so that contrast
 * alone is not sharpness. Where there is hardly any contrast (a face in the dark, one seen through haze) what remains
 * is noise and counts for little. The figures for good and bad faces are in RATIONALE.md.
 */
final class Sharpness {
    /** Variance of brightness below which there is little to see: a face in good light has about 400 and more. */
    private static final double DIM = 225;

    private Sharpness() {}

    /** Of the middle of a crop, where the face is. */
    static float of(Crop crop) {
        int marginX = crop.width() / 6;
        int marginY = crop.height() / 6;
        float[] grey = grey(crop);
        double sum = 0;
        double squares = 0;
        double edges = 0;
        double edgeSquares = 0;
        int count = 0;
        for (int y = Math.max(1, marginY); y < crop.height() - Math.max(1, marginY); y++) {
            for (int x = Math.max(1, marginX); x < crop.width() - Math.max(1, marginX); x++) {
                int at = y * crop.width() + x;
                double value = grey[at];
                double edge =
                        grey[at - 1] + grey[at + 1] + grey[at - crop.width()] + grey[at + crop.width()] - 4 * value;
                sum += value;
                squares += value * value;
                edges += edge;
                edgeSquares += edge * edge;
                count++;
            }
        }
        double brightness = squares / count - sum / count * (sum / count);
        double laplacian = edgeSquares / count - edges / count * (edges / count);
        return (float) (laplacian / (brightness + DIM));
    }

    /** Brightness as ITU-R BT.601 weighs the colours. */
    private static float[] grey(Crop crop) {
        byte[] bgr = crop.bgr();
        float[] grey = new float[bgr.length / 3];
        for (int i = 0; i < grey.length; i++) {
            grey[i] =
                    0.114f * (bgr[3 * i] & 0xff) + 0.587f * (bgr[3 * i + 1] & 0xff) + 0.299f * (bgr[3 * i + 2] & 0xff);
        }
        return grey;
    }
}
