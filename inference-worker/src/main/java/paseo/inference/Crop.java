package paseo.inference;

import java.nio.ByteBuffer;

/** A small upright picture cut out of a larger one. Not to be written to. */
final class Crop {
    /** A face much larger than its crop needs no more taps than this a side. */
    private static final int MOST_TAPS = 8;

    /**
     * From here on taps lie so dense that each may take the nearest pixel: the mean is as good and a quarter the work.
     */
    private static final int MANY_TAPS = 3;

    private final byte[] bgr;
    private final int width;
    private final int height;

    /**
     * From pixels.
     *
     * @param bgr rows from the top, blue, green, red per pixel
     */
    Crop(byte[] bgr, int width, int height) {
        this.bgr = bgr;
        this.width = width;
        this.height = height;
    }

    /** Rows from the top, blue, green, red per pixel. */
    byte[] bgr() {
        return bgr;
    }

    /** Pixels. */
    int width() {
        return width;
    }

    /** Pixels. */
    int height() {
        return height;
    }

    /**
     * Cuts out, by bilinear interpolation; where the crop is much coarser than the picture, the mean of several taps
     * per pixel, or fine detail would turn into noise. Outside the picture is black.
     *
     * @param map from pixel indices of the crop to those of the picture
     */
    static Crop of(BgrImage picture, Affine map, int width, int height) {
        byte[] crop = new byte[width * height * 3];
        int taps = (int) Math.max(1, Math.min(MOST_TAPS, Math.round(map.scale())));
        float[] sum = new float[3];
        float share = 1f / (taps * taps);
        double step = 1.0 / taps;
        double first = step / 2 - 0.5;
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                sum[0] = sum[1] = sum[2] = 0.5f;
                for (double tapY = y + first; tapY < y + 0.5; tapY += step) {
                    for (double tapX = x + first; tapX < x + 0.5; tapX += step) {
                        double fromX = map.x(tapX, tapY);
                        double fromY = map.y(tapX, tapY);
                        if (taps < MANY_TAPS) {
                            addBetween(picture, fromX, fromY, share, sum);
                        } else {
                            add(picture, (int) Math.floor(fromX + 0.5), (int) Math.floor(fromY + 0.5), share, sum);
                        }
                    }
                }
                crop[at] = (byte) (int) sum[0];
                crop[at + 1] = (byte) (int) sum[1];
                crop[at + 2] = (byte) (int) sum[2];
            }
        }
        return new Crop(crop, width, height);
    }

    private static void addBetween(BgrImage picture, double x, double y, float share, float[] sum) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        float right = (float) (x - left);
        float below = (float) (y - top);
        add(picture, left, top, (1 - right) * (1 - below) * share, sum);
        add(picture, left + 1, top, right * (1 - below) * share, sum);
        add(picture, left, top + 1, (1 - right) * below * share, sum);
        add(picture, left + 1, top + 1, right * below * share, sum);
    }

    private static void add(BgrImage picture, int x, int y, float weight, float[] sum) {
        if (x < 0 || y < 0 || x >= picture.width() || y >= picture.height()) {
            return;
        }
        ByteBuffer bgr = picture.bgr();
        int at = (y * picture.width() + x) * 3;
        sum[0] += weight * (bgr.get(at) & 0xff);
        sum[1] += weight * (bgr.get(at + 1) & 0xff);
        sum[2] += weight * (bgr.get(at + 2) & 0xff);
    }
}
