package paseo.evaluation.scoring;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Two faces in one frame are two people: the mistake that must never happen (I11). */
public final class SameFrame {
    private SameFrame() {}

    /**
     * A predicted box that was given a person id.
     *
     * @param video or camera and session
     */
    public record Shown(String video, long frame, String personId) {}

    /** Boxes whose frame holds another box of the same id: 0 is right; two boxes of one id count once, three twice. */
    public static long duplicates(Collection<Shown> shown) {
        Set<Shown> distinct = new HashSet<>(shown);
        return shown.size() - (long) distinct.size();
    }
}
