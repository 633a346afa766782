package paseo.evaluation.scenes;

/**
 * A box in pixels of the picture.
 *
 * @param x left edge
 * @param y upper edge
 * @param width at least 0
 * @param height at least 0
 */
public record FaceBox(double x, double y, double width, double height) {
    /** Whether all of it lies in a picture. */
    public boolean inside(int pictureWidth, int pictureHeight) {
        return x >= 0 && y >= 0 && x + width <= pictureWidth && y + height <= pictureHeight;
    }

    /** The part of it that lies in a picture. */
    FaceBox within(int pictureWidth, int pictureHeight) {
        double left = Math.max(0, Math.min(pictureWidth, x));
        double top = Math.max(0, Math.min(pictureHeight, y));
        return new FaceBox(
                left,
                top,
                Math.max(0, Math.min(pictureWidth, x + width) - left),
                Math.max(0, Math.min(pictureHeight, y + height) - top));
    }
}
