package paseo.evaluation.scoring;

import java.util.List;
import paseo.events.Box;

/**
 * What is in one frame and what was found there.
 *
 * @param truth at most one box of each person that counts
 * @param predicted at most one box of each track
 */
public record FrameBoxes(List<Truth> truth, List<Predicted> predicted) {
    public FrameBoxes {
        truth = List.copyOf(truth);
        predicted = List.copyOf(predicted);
    }

    /** What a true box asks of a tracker. */
    public enum Role {
        /** To be found. */
        COUNTED,
        /**
         * One face that need not be found, such as a small one: a prediction that fits it is neither right nor wrong.
         */
        NEUTRAL,
        /**
         * A place where anything may be found: predictions that lie in it for half of their area or more don't count.
         */
        REGION
    }

    /**
     * A true box.
     *
     * @param person whose it is
     */
    public record Truth(String person, Box box, Role role) {
        /** A box to be found. */
        public static Truth counted(String person, Box box) {
            return new Truth(person, box, Role.COUNTED);
        }
    }

    /**
     * A predicted box.
     *
     * @param track which it is part of, unique over everything that is scored together
     */
    public record Predicted(String track, Box box) {}
}
