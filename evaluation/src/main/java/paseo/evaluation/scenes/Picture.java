package paseo.evaluation.scenes;

/**
 * A window of the picture plane: packed BGR rows that start at an origin of its own, so that a part can be drawn alone.
 */
final class Picture {
    final int left;
    final int top;
    final int width;
    final int height;
    final byte[] bgr;

    Picture(int left, int top, int width, int height) {
        this.left = left;
        this.top = top;
        this.width = width;
        this.height = height;
        this.bgr = new byte[width * height * 3];
    }

    /** Index of the first byte of a pixel of the plane, which must lie in the window. */
    int at(int x, int y) {
        return ((y - top) * width + x - left) * 3;
    }

    /** Lays a colour over a pixel. */
    void blend(int at, float red, float green, float blue, float alpha) {
        float rest = 1 - alpha;
        bgr[at] = (byte) (blue * alpha + (bgr[at] & 255) * rest + 0.5f);
        bgr[at + 1] = (byte) (green * alpha + (bgr[at + 1] & 255) * rest + 0.5f);
        bgr[at + 2] = (byte) (red * alpha + (bgr[at + 2] & 255) * rest + 0.5f);
    }

    int right() {
        return left + width;
    }

    int bottom() {
        return top + height;
    }
}
