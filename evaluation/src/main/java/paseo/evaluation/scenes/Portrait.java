package paseo.evaluation.scenes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import paseo.evaluation.scenes.Photographs.Photograph;
import paseo.inference.BgrImage;

/**
 * A decoded photograph and its halvings, to be sampled at any size; its face is where {@link Photographs#FACE} says.
 */
final class Portrait {
    static final double FACE_X = Photographs.FACE.x();
    static final double FACE_Y = Photographs.FACE.y();
    static final double FACE_WIDTH = Photographs.FACE.width();
    static final double FACE_HEIGHT = Photographs.FACE.height();

    private static final int SMALLEST_LEVEL = 16;

    private final List<Picture> levels;

    private Portrait(List<Picture> levels) {
        this.levels = levels;
    }

    /** @throws IOException naming the photograph, if it cannot be decoded or is smaller than 16x16 pixels */
    static Portrait of(Photograph photograph) throws IOException {
        BgrImage image;
        try {
            image = BgrImage.ofJpeg(photograph.jpeg().duplicate());
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    photograph.person() + "/" + photograph.name() + " cannot be read as JPEG: " + e.getMessage(), e);
        }
        if (image.width() < SMALLEST_LEVEL || image.height() < SMALLEST_LEVEL) {
            throw new IOException(photograph.person() + "/" + photograph.name() + " has only " + image.width() + "x"
                    + image.height() + " pixels");
        }
        Picture full = new Picture(0, 0, image.width(), image.height());
        ByteBuffer source = image.bgr().duplicate();
        source.position(0).limit(full.bgr.length);
        source.get(full.bgr);
        List<Picture> levels = new ArrayList<>(List.of(full));
        for (Picture level = full;
                level.width >= 2 * SMALLEST_LEVEL && level.height >= 2 * SMALLEST_LEVEL;
                level = levels.get(levels.size() - 1)) {
            levels.add(half(level));
        }
        return new Portrait(levels);
    }

    private static Picture half(Picture level) {
        Picture half = new Picture(0, 0, level.width / 2, level.height / 2);
        byte[] bgr = level.bgr;
        for (int y = 0; y < half.height; y++) {
            for (int x = 0; x < half.width * 3; x++) {
                int from = (2 * y * level.width + 2 * (x / 3)) * 3 + x % 3;
                int below = from + level.width * 3;
                int sum = (bgr[from] & 255) + (bgr[from + 3] & 255) + (bgr[below] & 255) + (bgr[below + 3] & 255);
                half.bgr[y * half.width * 3 + x] = (byte) ((sum + 2) / 4);
            }
        }
        return half;
    }

    /** Height of the face over its width, in pixels. */
    double faceAspect() {
        Picture full = levels.get(0);
        return FACE_HEIGHT * full.height / (FACE_WIDTH * full.width);
    }

    /** The halving whose face is at least about as large as that, in pixels. */
    int levelFor(double faceWidth) {
        int level = 0;
        double width = levels.get(0).width * FACE_WIDTH;
        while (level < levels.size() - 1 && width / 2 >= faceWidth * 0.85) {
            width /= 2;
            level++;
        }
        return level;
    }

    /**
     * The colour at a place, interpolated between four pixels; the border goes on for ever.
     *
     * @param x share of the width
     * @param y share of the height
     * @param bgr receives three values of 0 to 255
     */
    void sample(int level, double x, double y, float[] bgr) {
        Picture picture = levels.get(level);
        int width = picture.width;
        double px = Math.max(0, Math.min(width - 1.001, x * width - 0.5));
        double py = Math.max(0, Math.min(picture.height - 1.001, y * picture.height - 0.5));
        int left = (int) px;
        int top = (int) py;
        float fx = (float) (px - left);
        float fy = (float) (py - top);
        byte[] pixels = picture.bgr;
        int at = (top * width + left) * 3;
        int below = at + width * 3;
        for (int c = 0; c < 3; c++) {
            float upper = (pixels[at + c] & 255) * (1 - fx) + (pixels[at + 3 + c] & 255) * fx;
            float lower = (pixels[below + c] & 255) * (1 - fx) + (pixels[below + 3 + c] & 255) * fx;
            bgr[c] = upper * (1 - fy) + lower * fy;
        }
    }

    /** The mean colour of the cheeks: of the neck that the body shows. */
    Colour skin() {
        float[] sample = new float[3];
        double[] sum = new double[3];
        int level = levels.size() - 1;
        for (double x : new double[] {0.3, 0.4, 0.6, 0.7}) {
            sample(level, FACE_X + x * FACE_WIDTH, FACE_Y + 0.62 * FACE_HEIGHT, sample);
            for (int c = 0; c < 3; c++) {
                sum[c] += sample[c] / 4;
            }
        }
        return new Colour((float) sum[2], (float) sum[1], (float) sum[0]);
    }
}
