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

    /** The first gate that a detection fails on its own account. */
    Optional<Usability> check(Detection face) {
        if (face.score() < least.score()) {
            return Optional.of(Usability.LOW_SCORE);
        }
        return face.box().width() < least.width() ? Optional.of(Usability.TOO_SMALL) : Optional.empty();
    }

    /** The first gate that a face fails once it has been looked at. */
    Optional<Usability> check(Pose pose, float sharpness, float quality) {
        if (Math.abs(pose.yaw()) > least.yaw() || Math.abs(pose.pitch()) > least.pitch()) {
            return Optional.of(Usability.TURNED_AWAY);
        }
        if (sharpness < least.sharpness()) {
            return Optional.of(Usability.BLURRED);
        }
        return quality < least.quality() ? Optional.of(Usability.LOW_QUALITY) : Optional.empty();
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
        double downX = (face.leftMouth().x()
                        + face.rightMouth().x()
                        - face.leftEye().x()
                        - face.rightEye().x())
                / 2.0;
        double downY = (face.leftMouth().y()
                        + face.rightMouth().y()
                        - face.leftEye().y()
                        - face.rightEye().y())
                / 2.0;
        double least = SMALLEST_SHARE * boxWidth;
        boolean rightHanded = eyesX * downY - eyesY * downX > 0;
        return Math.hypot(eyesX, eyesY) >= least && Math.hypot(downX, downY) >= least && rightHanded;
    }
}
