package paseo.evaluation.scenes;

/**
 * A photograph's head as the front of an ellipsoid that turns: the photograph is what it looks like from the front,
 * turned by yaw and pitch the near half widens, the far half narrows, and the nose moves. Coordinates p (right) and q
 * (down) are in half axes of the ellipsoid, from its centre.
 */
final class Head {
    /** Half axes in widths and heights of the face box, chosen by eye so that the box ends at the temples. */
    private static final double HALF_WIDTH = 0.62;

    private static final double HALF_HEIGHT = 0.56;

    /** The box's edges in half axes. */
    private static final double EDGE_P = 0.5 / HALF_WIDTH;

    private static final double EDGE_Q = 0.5 / HALF_HEIGHT;

    /** The outline: how far it reaches to the sides, above (hair) and below (chin), in half axes. */
    private static final double SIDES = 1.13;

    private static final double ABOVE = 1.27;
    private static final double BELOW = 1.03;

    /** Where the soft edge begins and ends, in shares of the outline. */
    private static final double OPAQUE = 0.86;

    private static final double CLEAR = 1.02;

    /** Where a photograph shows hair, in half axes, and how narrow a stripe of it, in shares. */
    private static final double HAIR_Q = -1.12;

    private static final double HAIR_P = 0.5;
    /** How far behind the ears, in half axes, it is all hair. */
    private static final double BEHIND = 0.25;

    private final Portrait portrait;
    private final Pose pose;
    private final double halfWidth;
    private final double halfHeight;
    private final double cosYaw;
    private final double sinYaw;
    private final double cosPitch;
    private final double sinPitch;
    private final double cosRoll;
    private final double sinRoll;

    Head(Portrait portrait, Pose pose) {
        this.portrait = portrait;
        this.pose = pose;
        this.halfWidth = pose.size() * HALF_WIDTH;
        this.halfHeight = pose.size() * portrait.faceAspect() * HALF_HEIGHT;
        this.cosYaw = StrictMath.cos(pose.yaw());
        this.sinYaw = StrictMath.sin(pose.yaw());
        this.cosPitch = StrictMath.cos(pose.pitch());
        this.sinPitch = StrictMath.sin(pose.pitch());
        this.cosRoll = StrictMath.cos(pose.roll());
        this.sinRoll = StrictMath.sin(pose.roll());
    }

    /** Pixels from the centre to where the outline ends, sideways. */
    double reachX() {
        return Math.abs(cosRoll) * SIDES * halfWidth + Math.abs(sinRoll) * ABOVE * halfHeight;
    }

    /** Pixels from the centre to where the outline ends, up and down. */
    double reachY() {
        return Math.abs(cosRoll) * ABOVE * halfHeight + Math.abs(sinRoll) * SIDES * halfWidth;
    }

    /** Pixels from the face's centre down to the chin. */
    double chin() {
        return halfHeight * EDGE_Q;
    }

    /**
     * The box a detector should give: as wide and high as the turned face, upright, around its middle. On the side that
     * comes into view it goes from the temple on to the ear, as the head turns.
     */
    FaceBox box() {
        double nearer = EDGE_P + (1 - EDGE_P) * sinYaw * sinYaw;
        double[] left = turned(sinYaw > 0 ? -nearer : -EDGE_P, 0);
        double[] right = turned(sinYaw < 0 ? nearer : EDGE_P, 0);
        double[] top = turned(0, -EDGE_Q);
        double[] bottom = turned(0, EDGE_Q);
        double width = StrictMath.hypot((right[0] - left[0]) * halfWidth, (right[1] - left[1]) * halfHeight);
        double height = StrictMath.hypot((bottom[0] - top[0]) * halfWidth, (bottom[1] - top[1]) * halfHeight);
        double p = (left[0] + right[0]) / 2 * halfWidth;
        double q = (top[1] + bottom[1]) / 2 * halfHeight;
        double x = pose.x() + p * cosRoll - q * sinRoll;
        double y = pose.y() + p * sinRoll + q * cosRoll;
        return new FaceBox(x - width / 2, y - height / 2, width, height);
    }

    /** Where a point of the front goes; one that is turned out of sight stays on the outline. */
    private double[] turned(double p, double q) {
        double z = Math.sqrt(Math.max(0, 1 - p * p - q * q));
        double tipped = q * cosPitch + z * sinPitch;
        double depth = z * cosPitch - q * sinPitch;
        double across = p * cosYaw + depth * sinYaw;
        if (depth * cosYaw - p * sinYaw < 0) {
            double rim = Math.sqrt(Math.max(0, 1 - tipped * tipped));
            across = p < 0 ? -rim : rim;
        }
        return new double[] {across, tipped};
    }

    /** How opaque the head is at a pixel, from 0 to 1. */
    double alpha(double x, double y) {
        double dx = x - pose.x();
        double dy = y - pose.y();
        return alphaAt((dx * cosRoll + dy * sinRoll) / halfWidth, (dy * cosRoll - dx * sinRoll) / halfHeight);
    }

    private static double alphaAt(double p, double q) {
        double v = q / (q < 0 ? ABOVE : BELOW);
        // The jaw narrows towards the chin, the hair does not.
        double u = p / (q < 0 ? SIDES : SIDES * (1 - 0.22 * Math.min(1, 2 * v) * Math.min(1, 2 * v)));
        double uu = u * u;
        double vv = v * v;
        double r = Math.sqrt(uu + vv);
        if (q < 0) {
            // Hair is rounder than an ellipse: half way to the powers of four.
            r = (r + Math.sqrt(Math.sqrt(uu * uu + vv * vv))) / 2;
        }
        if (r <= OPAQUE) {
            return 1;
        }
        if (r >= CLEAR) {
            return 0;
        }
        double t = (CLEAR - r) / (CLEAR - OPAQUE);
        return t * t * (3 - 2 * t);
    }

    /** Draws the head under a light into a layer that must be empty. */
    void draw(Layer layer, Light light) {
        int level = portrait.levelFor(pose.size());
        float[] bgr = new float[3];
        for (int y = layer.top; y < layer.top + layer.height; y++) {
            for (int x = layer.left; x < layer.left + layer.width; x++) {
                double dx = x + 0.5 - pose.x();
                double dy = y + 0.5 - pose.y();
                double p = (dx * cosRoll + dy * sinRoll) / halfWidth;
                double q = (dy * cosRoll - dx * sinRoll) / halfHeight;
                float alpha = (float) alphaAt(p, q);
                if (alpha > 0) {
                    draw(layer, x, y, p, q, alpha, level, light, bgr);
                }
            }
        }
    }

    /** The photograph's colour at a place in half axes from the face's middle. */
    private void sample(int level, double p, double q, float[] bgr) {
        portrait.sample(
                level,
                Portrait.FACE_X + Portrait.FACE_WIDTH * (0.5 + HALF_WIDTH * p),
                Portrait.FACE_Y + Portrait.FACE_HEIGHT * (0.5 + HALF_HEIGHT * q),
                bgr);
    }

    private void draw(Layer layer, int x, int y, double p, double q, float alpha, int level, Light light, float[] bgr) {
        double square = p * p + q * q;
        double outside = Math.max(1, Math.sqrt(square));
        double rimP = p / outside;
        double rimQ = q / outside;
        double z = Math.sqrt(Math.max(0, 1 - rimP * rimP - rimQ * rimQ));
        double across = rimP * cosYaw - z * sinYaw;
        double depth = rimP * sinYaw + z * cosYaw;
        double along = rimQ * cosPitch - depth * sinPitch;
        sample(level, across + p - rimP, along + q - rimQ, bgr);
        if (depth < 0) {
            // Behind the ears no photograph shows anything: there the hair goes on, which lies above the forehead.
            float[] hair = new float[3];
            sample(level, across * HAIR_P, HAIR_Q, hair);
            float share = (float) Math.min(1, -depth / BEHIND);
            for (int c = 0; c < bgr.length; c++) {
                bgr[c] += share * (hair[c] - bgr[c]);
            }
        }
        double shade = 1 + light.side() * rimP;
        layer.put(
                x,
                y,
                Light.exposed((float) (bgr[2] * light.red() * shade)),
                Light.exposed((float) (bgr[1] * light.green() * shade)),
                Light.exposed((float) (bgr[0] * light.blue() * shade)),
                alpha);
    }
}
