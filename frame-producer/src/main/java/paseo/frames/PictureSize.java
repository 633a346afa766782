package paseo.frames;

/** Which pictures are read: a damaged header may ask for any amount of memory. */
final class PictureSize {
    /** Pixels on a side. */
    static final int LONGEST_SIDE = 8192;

    static final long MOST_PIXELS = 8192L * 4608;

    private PictureSize() {}

    /** Whether a picture of that size is read. */
    static boolean readable(int width, int height) {
        return width >= 1
                && height >= 1
                && width <= LONGEST_SIDE
                && height <= LONGEST_SIDE
                && (long) width * height <= MOST_PIXELS;
    }

    /** @throws VideoException if pictures of that size are not read */
    static void check(int width, int height) {
        if (width < 1 || height < 1) {
            throw new VideoException("has pictures of " + width + "x" + height + " pixels");
        }
        if (!readable(width, height)) {
            throw new VideoException("has pictures of " + width + "x" + height + " pixels; at most " + LONGEST_SIDE
                    + " on a side and " + MOST_PIXELS / 1_000_000 + " million in all are read: scale it down first");
        }
    }
}
