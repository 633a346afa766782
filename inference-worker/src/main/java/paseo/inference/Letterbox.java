package paseo.inference;

/**
 * How a picture is put into a detector's input: scaled, at the top left, padded to the right and below.
 *
 * @param width of the scaled picture, pixels
 * @param height of the scaled picture, pixels
 * @param inputWidth of the input, a multiple of 32
 * @param inputHeight of the input, a multiple of 32
 */
record Letterbox(int width, int height, int inputWidth, int inputHeight) {
    private static final int MULTIPLE = 32;

    /**
     * For a picture and the limits of a detector.
     *
     * @param pictureWidth pixels
     * @param pictureHeight pixels
     * @param longest a longer side than this is scaled down to it
     * @param shortest a longer side that is shorter than this is scaled up to it
     */
    static Letterbox fit(int pictureWidth, int pictureHeight, int longest, int shortest) {
        int side = Math.max(pictureWidth, pictureHeight);
        double scale = (double) Math.max(shortest, Math.min(longest, side)) / side;
        int width = Math.max(1, (int) Math.round(pictureWidth * scale));
        int height = Math.max(1, (int) Math.round(pictureHeight * scale));
        return new Letterbox(width, height, padded(width), padded(height));
    }

    private static int padded(int side) {
        return (side + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    }
}
