package paseo.evaluation.scenes;

/** Somebody at the moment of one frame. */
final class Figure {
    /** Softness of edges in a sharp picture, pixels. */
    private static final double EDGE = 1.2;

    /** The narrowest a body gets when it walks across. */
    private static final double FROM_THE_SIDE = 0.82;

    private static final double SHADOW = 0.4;

    private final Actor actor;
    private final Pose pose;
    private final Head head;
    private final Body body;
    private final double movedX;
    private final double movedY;
    private final double defocus;

    /** @param before the pose when the shutter opened */
    Figure(Actor actor, Pose pose, Pose before) {
        this.actor = actor;
        this.pose = pose;
        this.head = new Head(actor.portrait(), pose);
        this.movedX = Math.abs(pose.x() - before.x());
        this.movedY = Math.abs(pose.y() - before.y());
        this.defocus = actor.defocus() * pose.size();
        double breadth = 1 - (1 - FROM_THE_SIDE) * Math.min(1, Math.abs(pose.yaw()) / 0.6);
        this.body = new Body(actor.outfit(), pose, breadth, EDGE + 2 * defocus + movedX);
    }

    Pose pose() {
        return pose;
    }

    /** Where the face is, wherever the picture ends. */
    FaceBox box() {
        return head.box();
    }

    /** Whether it hides what is behind a point of the picture. */
    boolean covers(double x, double y) {
        return head.alpha(x, y) > 0.5 || body.covers(x, y);
    }

    /** @param ground row of the picture at the feet */
    void draw(Picture picture, double ground) {
        shadow(picture, ground);
        body.draw(picture, actor.light());
        int pad = (int) Math.ceil(3 * defocus + Math.max(movedX, movedY) + 1);
        int left = Math.max(picture.left - pad, (int) Math.floor(pose.x() - head.reachX()) - pad);
        int right = Math.min(picture.right() + pad, (int) Math.ceil(pose.x() + head.reachX()) + pad);
        int top = Math.max(picture.top - pad, (int) Math.floor(pose.y() - head.reachY()) - pad);
        int bottom = Math.min(picture.bottom() + pad, (int) Math.ceil(pose.y() + head.reachY()) + pad);
        if (left >= right || top >= bottom) {
            return;
        }
        Layer layer = new Layer(left, top, right - left, bottom - top);
        head.draw(layer, actor.light());
        layer.defocus(defocus);
        layer.blurAcross(movedX);
        layer.blurDown(movedY);
        layer.over(picture);
    }

    /** A soft ellipse on the ground. */
    private void shadow(Picture picture, double ground) {
        double halfWidth = 2.1 * pose.size();
        double halfHeight = 0.5 * pose.size();
        int from = Math.max(picture.top, (int) (ground - halfHeight));
        int to = Math.min(picture.bottom(), (int) (ground + halfHeight) + 1);
        for (int y = from; y < to; y++) {
            double v = (y + 0.5 - ground) / halfHeight;
            int first = Math.max(picture.left, (int) (pose.x() - halfWidth));
            int last = Math.min(picture.right(), (int) (pose.x() + halfWidth) + 1);
            for (int x = first; x < last; x++) {
                double u = (x + 0.5 - pose.x()) / halfWidth;
                double rest = 1 - u * u - v * v;
                if (rest > 0) {
                    picture.blend(picture.at(x, y), 0, 0, 0, (float) (SHADOW * rest));
                }
            }
        }
    }
}
