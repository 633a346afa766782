package paseo.inference;

import paseo.events.Landmarks;
import paseo.events.Pose;

/**
 * A head's pose from its five landmarks alone, for packs without a model for it. The face is taken for a plane through
 * eyes and mouth with a nose in front of it: turning moves the nose's tip against the plane. Good for telling a profile
 * from a frontal face; see RATIONALE.md for how it compares with a model.
 */
final class FivePointPose {
    /** How far the nose's tip stands out, in distances between the eyes. */
    private static final double NOSE_PER_EYES = 0.5;
    /** How far the nose's tip stands out, in distances between eyes and mouth. */
    private static final double NOSE_PER_HEIGHT = 0.45;
    /** Where the nose's tip is between eyes and mouth when looking straight ahead, as in the ArcFace template. */
    private static final double LEVEL = 0.5;

    private FivePointPose() {}

    /** The pose; angles are within 90 degrees, roll within 180. */
    static Pose of(Landmarks face) {
        double eyesX = (face.leftEye().x() + face.rightEye().x()) / 2.0;
        double eyesY = (face.leftEye().y() + face.rightEye().y()) / 2.0;
        double mouthX = (face.leftMouth().x() + face.rightMouth().x()) / 2.0;
        double mouthY = (face.leftMouth().y() + face.rightMouth().y()) / 2.0;
        double downX = mouthX - eyesX;
        double downY = mouthY - eyesY;
        double height = Math.max(1e-6, Math.hypot(downX, downY));
        double noseX = face.nose().x() - eyesX;
        double noseY = face.nose().y() - eyesY;
        double along = (noseX * downX + noseY * downY) / height;
        double across = (noseX * downY - noseY * downX) / height;
        double eyes = Math.max(
                1e-6,
                ((face.rightEye().x() - face.leftEye().x()) * downY
                                - (face.rightEye().y() - face.leftEye().y()) * downX)
                        / height);
        double yaw = Math.atan2(across, eyes * NOSE_PER_EYES);
        double pitch = Math.atan2(along - LEVEL * height, height * NOSE_PER_HEIGHT);
        double roll = Math.atan2(-downX, downY);
        return new Pose((float) Math.toDegrees(yaw), (float) Math.toDegrees(pitch), (float) Math.toDegrees(roll));
    }
}
