package paseo.inference;

import paseo.events.Pose;

/** How much a face is worth for recognition, in [0, 1]: the product of four marks, see RATIONALE.md. */
final class Quality {
    /** Degrees at which a mark for turning is a half. */
    private static final double HALF_YAW = 55;

    private static final double HALF_PITCH = 45;
    /** Width at which a larger face gets no better mark, pixels. */
    private static final double LARGE = 96;
    /** Sharpness at which the mark is a half. */
    private static final double HALF_SHARPNESS = 0.01;

    private Quality() {}

    /**
     * The quality.
     *
     * @param pose of the head
     * @param width of the face, pixels of the picture
     * @param sharpness see {@link Clarity}
     * @param score the detector's
     */
    static float of(Pose pose, float width, float sharpness, float score) {
        double frontal = falling(pose.yaw() / HALF_YAW) * falling(pose.pitch() / HALF_PITCH);
        double size = Math.sqrt(Math.min(1, width / LARGE));
        double sharp = sharpness / (sharpness + HALF_SHARPNESS);
        return (float) Math.max(0, Math.min(1, frontal * size * sharp * score));
    }

    /** 1 at 0, a half at 1, towards 0 beyond. */
    private static double falling(double x) {
        return 1 / (1 + x * x * x * x);
    }
}
