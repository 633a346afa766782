package paseo.inference;

/**
 * How much there is to see of an aligned face; the figures for good and bad faces are in RATIONALE.md.
 *
 * @param brightness mean, in grey levels of 255: of a face that is nearly black too few levels are left to tell it from
 *     another one
 * @param sharpness the variance of its Laplacian over the variance of its brightness, so that a dim picture does not
 *     count as blurred; 0 = nothing to see
 * @param contrast standard deviation of its brightness, in grey levels of 255: a face in the dark has none, whatever
 *     its noise looks like to {@code sharpness}
 * @param detail standard deviation, in grey levels of 255, of what is as large as an eye or a mouth: brightness over
 *     blocks of a 32nd of the crop, less its mean over five by five of them. Noise is too fine for it and shadows are
 *     too coarse, so that a blur is one, however grainy and however lit
 */
record Clarity(float brightness, float sharpness, float contrast, float detail) {
    /** Nothing to see. */
    static final Clarity NONE = new Clarity(0, 0, 0, 0);

    /** Brightness varies by less than this squared in a picture of nothing. */
    private static final double FLAT = 25;

    /** Blocks in a crop's width. */
    private static final float BLOCKS = 32;

    /** Blocks to each side of one with which it is compared. */
    private static final int AROUND = 2;

    /** Of the middle of a crop, where the face is. */
    static Clarity of(Crop crop) {
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
        double variance = squares / count - sum / count * (sum / count);
        double laplacian = edgeSquares / count - edges / count * (edges / count);
        return new Clarity(
                (float) (sum / count),
                (float) (laplacian / (variance + FLAT)),
                (float) Math.sqrt(Math.max(0, variance)),
                (float) detail(grey, crop.width(), crop.height()));
    }

    private static double detail(float[] grey, int width, int height) {
        int size = Math.max(1, Math.round(width / BLOCKS));
        int columns = width / size;
        int rows = height / size;
        double[] blocks = new double[columns * rows];
        for (int y = 0; y < rows * size; y++) {
            for (int x = 0; x < columns * size; x++) {
                blocks[y / size * columns + x / size] += grey[y * width + x] / (double) (size * size);
            }
        }
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int y = Math.max(AROUND, rows / 6); y < rows - Math.max(AROUND, rows / 6); y++) {
            for (int x = Math.max(AROUND, columns / 6); x < columns - Math.max(AROUND, columns / 6); x++) {
                double difference = blocks[y * columns + x] - around(blocks, columns, x, y);
                sum += difference;
                squares += difference * difference;
                count++;
            }
        }
        return count == 0 ? 0 : Math.sqrt(Math.max(0, squares / count - sum / count * (sum / count)));
    }

    private static double around(double[] blocks, int columns, int x, int y) {
        double sum = 0;
        for (int j = y - AROUND; j <= y + AROUND; j++) {
            for (int i = x - AROUND; i <= x + AROUND; i++) {
                sum += blocks[j * columns + i];
            }
        }
        return sum / ((2 * AROUND + 1) * (2 * AROUND + 1));
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
