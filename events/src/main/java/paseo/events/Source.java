package paseo.events;

/**
 * What frames come from.
 *
 * @param name what a person calls it: the file's name or the camera's id, never a URL with credentials
 * @param kind file or camera
 * @param width pixels, upright
 * @param height pixels, upright
 * @param frameRate frames per second as declared by the source, 0 when unknown
 * @param durationMicros length, 0 when unknown or endless
 */
public record Source(String name, Kind kind, int width, int height, double frameRate, long durationMicros) {
    /** Whether every frame counts (file) or the latest one (camera). */
    public enum Kind {
        FILE,
        CAMERA
    }
}
