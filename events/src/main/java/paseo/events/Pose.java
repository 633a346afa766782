package paseo.events;

/**
 * Where a head points, in degrees.
 *
 * @param yaw positive towards image right
 * @param pitch positive downwards
 * @param roll positive clockwise
 */
public record Pose(float yaw, float pitch, float roll) {
    public Pose {
        Finite.check("yaw", yaw);
        Finite.check("pitch", pitch);
        Finite.check("roll", roll);
    }
}
