package paseo.evaluation.scenes;

/**
 * How one person goes through the picture: in at one side and out at the same or the other, nearer or at one distance,
 * with the head turned to where they go, to the camera, and away for a moment now and then.
 */
final class Walk {
    /** Steps a second, left and right one. */
    private static final double STEPS = 0.95;

    /** From the middle of a body to its outside, in widths of its face: so far outside the picture a walk begins. */
    private static final double OUTSIDE = 1.9;

    private final Camera camera;
    private final double seconds;
    private final double taller;
    private final double x0;
    private final double x1;
    private final double turn;
    private final double size0;
    private final double size1;
    private final double hurry;
    private final double step;
    private final HeadMotion motion;

    private Walk(Camera camera, SceneSettings settings, Flaw flaw, Dice dice) {
        this.camera = camera;
        this.taller = dice.around(0, 0.07);
        Range widths = settings.faceWidth();
        boolean approaching = dice.chance(0.6);
        double far = dice.between(0, 0.35);
        double near = dice.between(0.5, 1);
        double distance = dice.between(0.1, 0.85);
        double small = dice.between(0.5, 0.7) * widths.low();
        this.size0 = flaw == Flaw.SMALL ? small : widths.at(approaching ? far : distance);
        this.size1 = flaw == Flaw.SMALL ? small : widths.at(approaching ? near : distance);
        int from = dice.side();
        int to = approaching && dice.chance(0.45) ? from : -from;
        this.x0 = edge(settings.width(), from, size0);
        this.x1 = edge(settings.width(), to, size1);
        double middle = settings.width() * dice.between(0.25, 0.75);
        this.turn = to == from ? 2 * middle - (x0 + x1) / 2 : middle;
        double inView = dice.in(settings.seconds());
        this.hurry = dice.between(-0.6, 0.15);
        this.seconds = inView * (1 + (OUTSIDE - 0.5) * (size0 + size1) / (settings.width() * (to == from ? 1.2 : 1)));
        this.step = dice.between(0, 2 * Math.PI);
        this.motion = HeadMotion.drawn(dice, flaw, seconds, approaching ? 0.5 * -from : -from);
    }

    static Walk drawn(Camera camera, SceneSettings settings, Flaw flaw, Dice dice) {
        return new Walk(camera, settings, flaw, dice);
    }

    private static double edge(int width, int side, double size) {
        return side < 0 ? -OUTSIDE * size : width + OUTSIDE * size;
    }

    /** From the first trace of the body to the last. */
    double seconds() {
        return seconds;
    }

    /** @param time seconds from the start */
    Pose at(double time) {
        double even = time / seconds;
        double way = even + hurry * -StrictMath.sin(2 * Math.PI * even) / (2 * Math.PI);
        double x = (1 - way) * (1 - way) * x0 + 2 * way * (1 - way) * turn + way * way * x1;
        double size = size0 * StrictMath.pow(size1 / size0, way * way * (3 - 2 * way));
        double stride = step + 2 * Math.PI * STEPS * time;
        double metre = size / Body.FACE_METRES;
        double bob = 0.018 * StrictMath.cos(2 * stride);
        double sway = 0.012 * StrictMath.sin(stride);
        return new Pose(
                x + sway * metre,
                camera.row(size, taller) + bob * metre,
                size,
                motion.yaw(time),
                motion.pitch(time),
                motion.roll(time),
                stride);
    }
}
