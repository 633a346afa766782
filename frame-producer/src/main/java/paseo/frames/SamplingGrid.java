package paseo.frames;

import java.util.OptionalDouble;

/**
 * Chooses the frames to publish by their capture time alone: the first frame that is nearest to each point of a grid of
 * {@code fps} points a second. Rounding to the nearest point keeps every frame of a file at its own rate, whose time
 * stamps are rounded.
 */
final class SamplingGrid {
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
        long point = Math.round(captureTimeMicros * fps.getAsDouble() / 1e6);
        boolean next = point > last;
        last = Math.max(last, point);
        return next;
    }
}
