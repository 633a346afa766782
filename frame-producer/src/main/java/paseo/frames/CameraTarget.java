package paseo.frames;

import java.util.Optional;
import java.util.OptionalDouble;
import paseo.events.Camera;
import paseo.events.Region;

/**
 * A camera to watch.
 *
 * @param id its name on all topics
 * @param address where it is
 * @param fps pictures a second at most, 0 for no limit
 * @param leastFace pixels that a face must be wide to be recognised, 0 for no wish
 * @param region the part of the picture to look at; empty for all of it
 * @param retentionSeconds how long what was seen on it is kept, 0 for no wish
 */
record CameraTarget(
        String id, CameraAddress address, double fps, int leastFace, Optional<Region> region, long retentionSeconds) {
    private static final int LONGEST_ID = 40;

    static CameraTarget of(Camera camera) {
        return new CameraTarget(
                camera.id(),
                new CameraAddress(camera.url(), camera.reach()),
                camera.fps(),
                camera.leastFace(),
                camera.region(),
                camera.retentionSeconds());
    }

    /** The same under another name. */
    CameraTarget named(String other) {
        return new CameraTarget(other, address, fps, leastFace, region, retentionSeconds);
    }

    /** The same with so many pictures a second at most, whatever it may have by itself. */
    CameraTarget limited(OptionalDouble limit) {
        return new CameraTarget(
                id,
                address,
                limit.isEmpty() || (fps > 0 && fps < limit.getAsDouble()) ? fps : limit.getAsDouble(),
                leastFace,
                region,
                retentionSeconds);
    }

    /** Pictures a second that are sent at most of a camera that delivers so many. */
    double sent(double delivered) {
        return fps > 0 ? Math.min(fps, delivered) : delivered;
    }

    /** A camera that has no id yet: it gets one from its address, without the secrets in it. */
    static CameraTarget of(CameraAddress address) {
        String plain = address.redacted().replace("***", "").replaceAll("^[a-z0-9]+:/*", "");
        String id = Session.slug(plain.replaceAll("\\.", "-") + ".");
        return new CameraTarget(id.substring(0, Math.min(LONGEST_ID, id.length())), address, 0, 0, Optional.empty(), 0);
    }
}
