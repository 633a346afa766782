package paseo.matching;

/**
 * When consolidation acts.
 *
 * @param thresholds of decisions in a gallery of this size
 * @param agree what each of two witnesses must reach who say that two persons are one; at least {@code accept}
 * @param close two persons who are this similar are one, without further evidence; at least {@code agree}
 * @param floor a merge must not leave a person with a silhouette below this, and a person below it is split when it
 *     falls into two groups
 */
record ConsolidationRules(MatchThresholds thresholds, double agree, double close, double floor) {
    /** By how much another person must be nearer than a sequence's own before it changes hands. */
    static final double LEAD = 0.1;

    /**
     * A person of whose sequences a third are somebody else's has a silhouette of about .2 where the same person's
     * centres are .6 alike and strangers' .1.
     */
    private static final double FLOOR = 0.25;

    /** At least this much above {@code accept}, also where thresholds do not depend on the size of the gallery. */
    private static final double CLOSE_LEAD = 0.1;

    ConsolidationRules {
        if (!(close >= agree && agree >= thresholds.accept() && floor >= -1 && floor <= 1)) {
            throw new IllegalArgumentException(
                    "consolidation needs close >= agree >= accept and a floor in [-1, 1], not close=" + close
                            + ", agree=" + agree + ", accept=" + thresholds.accept() + ", floor=" + floor);
        }
    }

    /**
     * The rules for a gallery. A decision compares one sequence with N persons, consolidation every person with every
     * other: what is rare among N is not rare among N². Two who are to be one without further evidence must therefore
     * reach what the thresholds ask in a gallery of that size. Two witnesses would each need only t(N) if they erred
     * independently; but who looks like somebody does so again. Half the way, in the logarithm of the rate, is N^1.5.
     */
    static ConsolidationRules of(Thresholds thresholds, long persons) {
        MatchThresholds here = thresholds.at(persons);
        double agree =
                thresholds.at(Math.round(Math.pow((double) persons, 1.5))).accept();
        double close = thresholds.at(persons * persons).accept();
        return new ConsolidationRules(
                here,
                Math.max(agree, here.accept() + here.margin()),
                Math.max(close, here.accept() + Math.max(CLOSE_LEAD, here.margin())),
                FLOOR);
    }
}
