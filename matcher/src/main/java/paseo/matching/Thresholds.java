package paseo.matching;

/** What a similarity has to reach in a gallery of a given size. */
@FunctionalInterface
public interface Thresholds {
    /**
     * The thresholds for one decision.
     *
     * @param persons in the gallery, at least 0
     */
    MatchThresholds at(long persons);
}
