package paseo.inference;

import java.util.Optional;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Usability;

/** Decides whether a face may be recognised. */
final class Gate {
    /** Less than this share of the box's width between the eyes, or of eyes to mouth, is not a face. */
    private static final float SMALLEST_SHARE = 0.05f;

    private final ModelPack.Gates least;

    Gate(ModelPack.Gates least) {
        this.least = least;
    }

    /**
     * The first gate that a detection fails on its own account.
     *
     * @param leastWidth of its box, in the detection's pixels, besides what the model pack asks for
     */
    Optional<Usability> check(Detection face, float leastWidth) {
        if (face.score() < least.score()) {
            return Optional.of(Usability.LOW_SCORE);
        }
        return face.box().width() < Math.max(least.width(), leastWidth)
                ? Optional.of(Usability.TOO_SMALL)
                : Optional.empty();
    }

    /** The first gate that a face fails once it has been looked at. */
    Optional<Usability> check(Pose pose, Landmarks landmarks, Clarity clarity, float quality) {
        boolean turned = Math.abs(pose.yaw()) > least.yaw() || Math.abs(pose.pitch()) > least.pitch();
        if (turned || breadth(landmarks) < least.breadth()) {
            return Optional.of(Usability.TURNED_AWAY);
        }
        if (clarity.brightness() < least.brightness()
                || clarity.sharpness() < least.sharpness()
                || clarity.contrast() < least.contrast()
                || clarity.detail() < least.detail()) {
            return Optional.of(Usability.BLURRED);
        }
        return quality < least.quality() ? Optional.of(Usability.LOW_QUALITY) : Optional.empty();
    }

    /**
     * Distance between the eyes over the distance from the eyes to the mouth: about 1 from the front, falling with the
     * cosine of the yaw. Models of the head's pose were trained on heads and give a profile's yaw, or that of the back
     * of a head, as anything; this needs only the points that the alignment uses anyway.
     */
    static double breadth(Landmarks face) {
        double eyes = Math.hypot(
                face.rightEye().x() - face.leftEye().x(),
                face.rightEye().y() - face.leftEye().y());
        return eyes / Math.max(1e-6, Math.hypot(downX(face), downY(face)));
    }

    /**
     * Whether five points can be a whole face's: all within the picture, the eyes and the mouth apart, the right eye to
     * the right as seen with the mouth below.
     *
     * @param boxWidth of the face, pixels
     * @param width of the picture
     * @param height of the picture
     */
    static boolean plausible(Landmarks face, float boxWidth, int width, int height) {
        float[] points = face.toArray();
        for (int i = 0; i < points.length; i += 2) {
            if (points[i] < 0 || points[i] >= width || points[i + 1] < 0 || points[i + 1] >= height) {
                return false;
            }
        }
        double eyesX = face.rightEye().x() - face.leftEye().x();
        double eyesY = face.rightEye().y() - face.leftEye().y();
        double downX = downX(face);
        double downY = downY(face);
        double least = SMALLEST_SHARE * boxWidth;
        boolean rightHanded = eyesX * downY - eyesY * downX > 0;
        return Math.hypot(eyesX, eyesY) >= least && Math.hypot(downX, downY) >= least && rightHanded;
    }

    /** From the middle of the eyes to the middle of the mouth. */
    private static double downX(Landmarks face) {
        return (face.leftMouth().x()
                        + face.rightMouth().x()
                        - face.leftEye().x()
                        - face.rightEye().x())
                / 2.0;
    }

    private static double downY(Landmarks face) {
        return (face.leftMouth().y()
                        + face.rightMouth().y()
                        - face.leftEye().y()
                        - face.rightEye().y())
                / 2.0;
    }
}
