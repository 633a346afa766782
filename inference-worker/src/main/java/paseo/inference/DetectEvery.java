package paseo.inference;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import paseo.events.FrameReference;

/**
 * Chooses the pictures to look at where not every one is. Of a file it is those whose number is a multiple: by that
 * alone, so that whoever takes over comes to the same choice, whatever was left out before. A camera's numbers have
 * gaps, so that one may never send a multiple: numbers are put into groups of so many, and of each group the first
 * picture that comes is looked at. While nothing moves, multiples and groups are larger. A function of its input.
 */
final class DetectEvery {
    private record Last(long epoch, long number) {}

    private final DetectionInterval interval;
    private final Map<String, Last> last = new HashMap<>();
    private final Set<String> missed = new HashSet<>();

    DetectEvery(DetectionInterval interval) {
        this.interval = interval;
    }

    /** Takes note of a heartbeat, which tells the last picture before it. */
    void heartbeat(FrameReference reference) {
        last.put(reference.camera(), new Last(reference.epoch(), reference.number()));
    }

    /**
     * Whether a picture is looked at; to be asked for all of a camera in order.
     *
     * @param live whether it is a camera's
     * @param still whether nothing moves in it
     */
    boolean looks(FrameReference reference, boolean live, boolean still) {
        Last before = last.put(reference.camera(), new Last(reference.epoch(), reference.number()));
        boolean unseen = missed.contains(reference.camera());
        int every = still && !unseen ? interval.still() : interval.moving();
        // A number that does not go on was delivered before, to a worker that lost the partition and got it back.
        boolean begins = before == null || before.epoch != reference.epoch() || reference.number() <= before.number;
        boolean alone = begins || !live;
        boolean looks = alone
                ? reference.number() % every == 0
                : Math.floorDiv(reference.number(), every) > Math.floorDiv(before.number, every);
        if (looks && unseen) {
            missed.remove(reference.camera());
        }
        return looks;
    }

    /** A picture that was to be looked at was not: those after it may be still and yet show what nobody has seen. */
    void missed(FrameReference reference) {
        if (interval.still() > interval.moving()) {
            missed.add(reference.camera());
        }
    }
}
