package paseo.inference;

import java.util.HashMap;
import java.util.Map;
import paseo.events.FrameReference;

/**
 * Chooses the pictures to look at where not every one is: numbers are put into groups of so many, and of each group the
 * first picture that comes is looked at. Cameras' numbers have gaps, so a picture's number alone would not do. A
 * function of its input.
 */
final class DetectEvery {
    private record Last(long epoch, long group) {}

    private final int every;
    private final Map<String, Last> last = new HashMap<>();

    /** @param every pictures in a group; 1 to look at all */
    DetectEvery(int every) {
        this.every = every;
    }

    /** Takes note of a heartbeat, which tells the last picture before it. */
    void heartbeat(FrameReference reference) {
        last.put(reference.camera(), new Last(reference.epoch(), group(reference)));
    }

    /** Whether a picture is looked at; to be asked for all of a camera in order. */
    boolean looks(FrameReference reference) {
        if (every == 1) {
            return true;
        }
        long group = group(reference);
        Last before = last.put(reference.camera(), new Last(reference.epoch(), group));
        if (before == null || before.epoch != reference.epoch()) {
            return reference.number() % every == 0;
        }
        return group > before.group;
    }

    private long group(FrameReference reference) {
        return Math.floorDiv(reference.number(), every);
    }
}
