package paseo.matching;

import java.util.Optional;

/** What a similarity has to reach in a gallery of a given size. */
@FunctionalInterface
public interface Thresholds {
    /**
     * The thresholds for one decision.
     *
     * @param persons in the gallery, at least 0
     */
    MatchThresholds at(long persons);

    /**
     * How similar strangers are, where the thresholds come from that: what is seen in the field is compared with it.
     */
    default Optional<ImpostorTail> tail() {
        return Optional.empty();
    }

    /** How similar the faces of one sequence are, where that is known: the other half of the comparison. */
    default Optional<Calibration.Within> within() {
        return Optional.empty();
    }

    /** What similarities are judged by before they are held against a threshold. */
    default Optional<Cohort> cohort() {
        return Optional.empty();
    }
}
