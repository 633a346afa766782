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
 * @param retentionSeconds how long what is seen on it is kept, 0 for as long as the matcher keeps anything
 */
public record Source(
        String name, Kind kind, int width, int height, double frameRate, long durationMicros, long retentionSeconds) {
    public Source {
        if (retentionSeconds < 0) {
            throw new EventFormatException("nothing can be kept for " + retentionSeconds + " s");
        }
    }

    /** A source of which everything is kept that the matcher keeps. */
    public Source(String name, Kind kind, int width, int height, double frameRate, long durationMicros) {
        this(name, kind, width, height, frameRate, durationMicros, 0);
    }

    /** Whether every frame counts (file) or the latest one (camera). */
    public enum Kind {
        FILE,
        CAMERA
    }
}
