package paseo.events;

/**
 * A rectangle in pixels of the source picture; it may reach over the edge.
 *
 * @param x left edge
 * @param y top edge
 * @param width at least 0
 * @param height at least 0
 */
public record Box(float x, float y, float width, float height) {
    public Box {
        Finite.check("x", x);
        Finite.check("y", y);
        Finite.check("width", width);
        Finite.check("height", height);
        if (width < 0 || height < 0) {
            throw new EventFormatException("a box cannot be " + width + "x" + height);
        }
    }

    public float centreX() {
        return x + width / 2;
    }

    public float centreY() {
        return y + height / 2;
    }

    public float area() {
        return width * height;
    }

    /** Area of the intersection over area of the union, in [0, 1]; 0 when both are empty. */
    public double iou(Box other) {
        double w = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        double h = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        double intersection = w * h;
        return intersection / ((double) area() + other.area() - intersection);
    }
}
