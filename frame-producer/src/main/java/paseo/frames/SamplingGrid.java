package paseo.frames;

import java.util.OptionalDouble;

/**
 * Chooses the frames to publish by their capture time alone: the first frame at or after each point of a grid of
 * {@code fps} points a second. A frame may be a tenth of the distance early, so that a file sampled at its own rate
 * keeps every frame although time stamps are rounded.
 */
final class SamplingGrid {
    private static final double EARLY = 0.1;

    private final OptionalDouble fps;
    private long last = -1;

    SamplingGrid(OptionalDouble fps) {
        this.fps = fps;
    }

    /** Whether the frame is published. To be asked for every frame in order. */
    boolean takes(long captureTimeMicros) {
        if (fps.isEmpty()) {
            return true;
        }
        long point = (long) Math.floor(captureTimeMicros * fps.getAsDouble() / 1e6 + EARLY);
        boolean next = point > last;
        last = Math.max(last, point);
        return next;
    }
}
