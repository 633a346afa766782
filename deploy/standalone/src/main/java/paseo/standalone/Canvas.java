package paseo.standalone;

/**
 * Draws boxes and labels into a picture of packed BGR bytes. Needs neither AWT nor fonts, which a headless machine may
 * not have. Everything is clipped at the edges.
 */
final class Canvas {
    private final byte[] bgr;
    private final int width;
    private final int height;

    /**
     * A canvas on the bytes, which are drawn into.
     *
     * @param bgr {@code width × height × 3}, rows from top to bottom without padding
     */
    Canvas(byte[] bgr, int width, int height) {
        if (bgr.length != width * height * 3) {
            throw new IllegalArgumentException(
                    bgr.length + " bytes are not a BGR picture of " + width + "×" + height + " pixels");
        }
        this.bgr = bgr;
        this.width = width;
        this.height = height;
    }

    /** The outline of a box; the stroke lies inside. */
    void box(int x, int y, int boxWidth, int boxHeight, int stroke, PersonColour colour) {
        fill(x, y, boxWidth, stroke, colour);
        fill(x, y + boxHeight - stroke, boxWidth, stroke, colour);
        fill(x, y, stroke, boxHeight, colour);
        fill(x + boxWidth - stroke, y, stroke, boxHeight, colour);
    }

    /**
     * A label on a plate of the colour that stands on the line {@code bottom}; below it where there is no room above.
     *
     * @param scale pixels per dot of the letters
     */
    void label(String text, int x, int bottom, int scale, PersonColour colour) {
        int plateWidth = Letters.width(text) * scale + 2 * scale;
        int plateHeight = (Letters.HEIGHT + 2) * scale;
        int left = Math.max(0, Math.min(x, width - plateWidth));
        int top = bottom - plateHeight < 0 ? Math.max(0, bottom) : bottom - plateHeight;
        fill(left, top, plateWidth, plateHeight, colour);
        PersonColour ink = colour.isDark() ? new PersonColour(255, 255, 255) : new PersonColour(0, 0, 0);
        Letters.dots(
                text, (column, row) -> fill(left + (column + 1) * scale, top + (row + 1) * scale, scale, scale, ink));
    }

    private void fill(int x, int y, int areaWidth, int areaHeight, PersonColour colour) {
        int left = Math.max(0, x);
        int right = Math.min(width, x + areaWidth);
        for (int row = Math.max(0, y); row < Math.min(height, y + areaHeight); row++) {
            for (int at = (row * width + left) * 3; at < (row * width + right) * 3; at += 3) {
                bgr[at] = (byte) colour.blue();
                bgr[at + 1] = (byte) colour.green();
                bgr[at + 2] = (byte) colour.red();
            }
        }
    }
}
