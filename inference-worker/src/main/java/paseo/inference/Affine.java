package paseo.inference;

/**
 * An affine map of the plane: x' = xx x + xy y + x0, y' = yx x + yy y + y0.
 *
 * @param xx x' per x
 * @param xy x' per y
 * @param x0 x' of the origin
 * @param yx y' per x
 * @param yy y' per y
 * @param y0 y' of the origin
 */
record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {
    /** Maps pixel indices of a crop of {@code size} pixels a side to those of the picture that the box lies in. */
    static Affine ofBox(double x, double y, double width, double height, int size) {
        double perX = width / size;
        double perY = height / size;
        return new Affine(perX, 0, x + perX / 2 - 0.5, 0, perY, y + perY / 2 - 0.5);
    }

    /**
     * The similarity (rotation, one scale, translation, no reflection) that maps points closest to others in the least
     * squares sense: Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
     * In the plane it is linear regression over complex numbers.
     *
     * @param from x, y of each point
     * @param to x, y of each point
     * @return a map that is not finite where all points of {@code from} coincide
     */
    static Affine similarity(double[] from, double[] to) {
        int points = from.length / 2;
        double fromX = 0;
        double fromY = 0;
        double toX = 0;
        double toY = 0;
        for (int i = 0; i < points; i++) {
            fromX += from[2 * i] / points;
            fromY += from[2 * i + 1] / points;
            toX += to[2 * i] / points;
            toY += to[2 * i + 1] / points;
        }
        double cosine = 0;
        double sine = 0;
        double spread = 0;
        for (int i = 0; i < points; i++) {
            double x = from[2 * i] - fromX;
            double y = from[2 * i + 1] - fromY;
            double u = to[2 * i] - toX;
            double v = to[2 * i + 1] - toY;
            cosine += x * u + y * v;
            sine += x * v - y * u;
            spread += x * x + y * y;
        }
        double a = cosine / spread;
        double b = sine / spread;
        return new Affine(a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY);
    }

    double x(double x, double y) {
        return xx * x + xy * y + x0;
    }

    double y(double x, double y) {
        return yx * x + yy * y + y0;
    }

    /** Length of a unit's image, averaged over directions. */
    double scale() {
        return Math.sqrt(Math.abs(xx * yy - xy * yx));
    }
}
