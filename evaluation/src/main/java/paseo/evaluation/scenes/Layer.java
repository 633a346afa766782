package paseo.evaluation.scenes;

/** A part of the picture plane with transparency, to be blurred and then laid over a picture. */
final class Layer {
    private static final int CHANNELS = 4;

    final int left;
    final int top;
    final int width;
    final int height;
    /** Blue, green, red and alpha, the colours already multiplied by alpha. */
    private float[] pixels;

    private float[] spare;

    Layer(int left, int top, int width, int height) {
        this.left = left;
        this.top = top;
        this.width = width;
        this.height = height;
        this.pixels = new float[width * height * CHANNELS];
        this.spare = new float[0];
    }

    void put(int x, int y, float red, float green, float blue, float alpha) {
        int at = ((y - top) * width + x - left) * CHANNELS;
        pixels[at] = blue * alpha;
        pixels[at + 1] = green * alpha;
        pixels[at + 2] = red * alpha;
        pixels[at + 3] = alpha;
    }

    /** Mean over a run of pixels, in rows; fractions of a pixel count. */
    void blurAcross(double length) {
        if (length > 1) {
            for (int y = 0; y < height; y++) {
                Run run = new Run(y * width * CHANNELS, CHANNELS, width, CHANNELS, length);
                run.blur(pixels, spare());
            }
            swap();
        }
    }

    /** Mean over a run of pixels, in columns: all of a row at once, which is how they lie in memory. */
    void blurDown(double length) {
        if (length > 1) {
            new Run(0, width * CHANNELS, height, width * CHANNELS, length).blur(pixels, spare());
            swap();
        }
    }

    /** Two runs in each direction, which is close to a normal blur of that standard deviation. */
    void defocus(double deviation) {
        // A run of length n has the variance (n² - 1) / 12; two of them add up.
        double length = Math.sqrt(1 + 6 * deviation * deviation);
        for (int i = 0; i < 2; i++) {
            blurAcross(length);
            blurDown(length);
        }
    }

    private float[] spare() {
        if (spare.length != pixels.length) {
            spare = new float[pixels.length];
        }
        return spare;
    }

    private void swap() {
        float[] blurred = spare;
        spare = pixels;
        pixels = blurred;
    }

    /**
     * A line of groups of numbers, each of which is averaged with the same number of its neighbour groups: a whole
     * number of groups to both sides, and a share of the next two.
     *
     * @param start of the first group
     * @param step from group to group
     * @param count of the groups
     * @param size numbers of a group
     * @param length of the run, in groups, more than 1
     */
    private record Run(int start, int step, int count, int size, double length) {
        void blur(float[] from, float[] to) {
            int whole = (int) ((length - 1) / 2);
            float share = (float) ((length - 1) / 2 - whole);
            float scale = (float) (1 / length);
            float[] sum = new float[size];
            for (int i = 0; i < Math.min(count, whole); i++) {
                add(from, i, 1, sum);
            }
            for (int i = 0; i < count; i++) {
                add(from, i + whole, 1, sum);
                int at = start + i * step;
                int before = i - whole - 1 >= 0 ? start + (i - whole - 1) * step : -1;
                int after = i + whole + 1 < count ? start + (i + whole + 1) * step : -1;
                for (int c = 0; c < size; c++) {
                    float edges = (before < 0 ? 0 : from[before + c]) + (after < 0 ? 0 : from[after + c]);
                    to[at + c] = Math.max(0, (sum[c] + share * edges) * scale);
                }
                add(from, i - whole, -1, sum);
            }
        }

        private void add(float[] from, int group, float sign, float[] sum) {
            if (group >= 0 && group < count) {
                int at = start + group * step;
                for (int c = 0; c < size; c++) {
                    sum[c] += sign * from[at + c];
                }
            }
        }
    }

    /** Lays it over the part of the picture that it meets. */
    void over(Picture picture) {
        int right = Math.min(left + width, picture.right());
        int bottom = Math.min(top + height, picture.bottom());
        for (int y = Math.max(top, picture.top); y < bottom; y++) {
            for (int x = Math.max(left, picture.left); x < right; x++) {
                int from = ((y - top) * width + x - left) * CHANNELS;
                float alpha = Math.min(1, pixels[from + 3]);
                if (alpha > 0) {
                    int to = picture.at(x, y);
                    for (int c = 0; c < 3; c++) {
                        float value = pixels[from + c] + (picture.bgr[to + c] & 255) * (1 - alpha);
                        picture.bgr[to + c] = (byte) Math.min(255, value + 0.5f);
                    }
                }
            }
        }
    }
}
