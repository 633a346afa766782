package paseo.events;

/**
 * Five points of a face in pixels of the source picture. Left and right are the image's, not the person's.
 *
 * @param leftEye image-left eye
 * @param rightEye image-right eye
 * @param nose tip of the nose
 * @param leftMouth image-left corner of the mouth
 * @param rightMouth image-right corner of the mouth
 */
public record Landmarks(Point leftEye, Point rightEye, Point nose, Point leftMouth, Point rightMouth) {
    /**
     * A point in pixels.
     *
     * @param x to the right
     * @param y downwards
     */
    public record Point(float x, float y) {
        public Point {
            Finite.check("x", x);
            Finite.check("y", y);
        }
    }

    /** From ten numbers: x, y of the points in the order of the record's components. */
    public static Landmarks of(float... xy) {
        if (xy.length != 10) {
            throw new EventFormatException("five landmarks are ten numbers, not " + xy.length);
        }
        return new Landmarks(
                new Point(xy[0], xy[1]),
                new Point(xy[2], xy[3]),
                new Point(xy[4], xy[5]),
                new Point(xy[6], xy[7]),
                new Point(xy[8], xy[9]));
    }

    /** The ten numbers of {@link #of}. */
    public float[] toArray() {
        return new float[] {
            leftEye.x,
            leftEye.y,
            rightEye.x,
            rightEye.y,
            nose.x,
            nose.y,
            leftMouth.x,
            leftMouth.y,
            rightMouth.x,
            rightMouth.y
        };
    }
}
