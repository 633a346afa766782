package paseo.inference;

import paseo.events.Pose;

/**
 * A head's pose from 68 points in space (iBUG order) as InsightFace's {@code 1k3d68} gives them: x to the right, y
 * down, z of either sign, all in the same unit. A face is symmetric, so the mean of the lines between mirrored points
 * is its lateral axis; the line from eyes to mouth is its vertical one; the third follows.
 */
final class SixtyEightPointPose {
    /** Points of a face. */
    static final int POINTS = 68;

    /** Pairs mirrored at the face's middle, the image-left one first: jaw, brows, eyes, nostrils, mouth. */
    private static final int[][] MIRRORED = {
        {0, 16}, {1, 15}, {2, 14}, {3, 13}, {4, 12}, {17, 26}, {19, 24}, {21, 22}, {36, 45}, {39, 42}, {31, 35},
        {48, 54}
    };

    private static final int[] EYES = {36, 39, 42, 45};
    private static final int[] MOUTH = {48, 54};
    private static final int NOSE = 30;

    private SixtyEightPointPose() {}

    /**
     * The pose.
     *
     * @param points x, y, z of each point
     */
    static Pose of(float[] points) {
        double[] lateral = new double[3];
        for (int[] pair : MIRRORED) {
            for (int axis = 0; axis < 3; axis++) {
                lateral[axis] += points[3 * pair[1] + axis] - points[3 * pair[0] + axis];
            }
        }
        double[] eyes = mean(points, EYES);
        double[] mouth = mean(points, MOUTH);
        double[] nose = mean(points, NOSE);
        double[] inwards = cross(lateral, minus(mouth, eyes));
        // The nose stands out towards the viewer; if it seems not to, z grows towards the viewer and is turned round.
        double standsOut = -dot(minus(nose, eyes), inwards);
        if (standsOut < 0) {
            lateral[2] = -lateral[2];
            eyes[2] = -eyes[2];
            mouth[2] = -mouth[2];
            inwards = cross(lateral, minus(mouth, eyes));
        }
        double yaw = Math.atan2(-inwards[0], Math.hypot(inwards[1], inwards[2]));
        double pitch = Math.atan2(-inwards[1], inwards[2]);
        double roll = Math.atan2(lateral[1], lateral[0]);
        return new Pose((float) Math.toDegrees(yaw), (float) Math.toDegrees(pitch), (float) Math.toDegrees(roll));
    }

    private static double[] mean(float[] points, int... numbers) {
        double[] mean = new double[3];
        for (int number : numbers) {
            for (int axis = 0; axis < 3; axis++) {
                mean[axis] += points[3 * number + axis] / (double) numbers.length;
            }
        }
        return mean;
    }

    private static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
