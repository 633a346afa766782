package paseo.evaluation.scenes;

/**
 * Where a face is and how it is held at one time.
 *
 * @param x of the face's centre, pixels of the picture
 * @param y of the face's centre
 * @param size width of the face when it looks at the camera, pixels
 * @param yaw radians, positive turns the nose to the right of the picture
 * @param pitch radians, positive turns it down
 * @param roll radians, positive turns clockwise
 * @param stride phase of the steps, radians
 */
record Pose(double x, double y, double size, double yaw, double pitch, double roll, double stride) {}
