package paseo.frames;

/**
 * Tells a camera that was set to another size from a damaged stream, whose pictures have any size for a moment: a size
 * counts from its fifth picture in a row on.
 */
final class GeometryGuard {
    static final int CONVINCING = 5;

    private long current;
    private long candidate;
    private int inARow;

    /** What a picture's size means. */
    enum Size {
        SAME,
        /** From this picture on it is the camera's. */
        NEW,
        /** Not the camera's, or not yet. */
        ODD
    }

    Size see(int width, int height) {
        long size = (long) width << 32 | height;
        if (size == current) {
            inARow = 0;
            return Size.SAME;
        }
        if (current != 0) {
            inARow = size == candidate ? inARow + 1 : 1;
            candidate = size;
            if (inARow < CONVINCING) {
                return Size.ODD;
            }
        }
        current = size;
        inARow = 0;
        return Size.NEW;
    }
}
