package paseo.matching;

/**
 * Whether another model pack sees the same people in a gallery, from templates of both.
 *
 * @param probes sequences of persons who have several: each looks for the most similar centre among all others'
 * @param kept of them, those that find one of their own person by the new pack's templates
 * @param before of them, those that do by the templates in use
 * @param pairs of sequences that shared a frame, certainly two people each
 * @param apart of them, those that the new pack does not take for one person
 * @param accept from which similarity on it would
 */
public record PackAgreement(int probes, int kept, int before, int pairs, int apart, double accept) {
    /** Share of the probes that find their own person. */
    public double agreement() {
        return share(kept, probes);
    }

    /** The same by the templates in use. */
    public double agreementBefore() {
        return share(before, probes);
    }

    /** Share of the pairs that stay two people. */
    public double apartness() {
        return share(apart, pairs);
    }

    /**
     * Whether the gallery can move: both shares reach a floor. Where no person has two sequences nothing was measured,
     * and only a floor of 0 is reached.
     *
     * @param floor in [0, 1]
     */
    public boolean reaches(double floor) {
        return floor <= 0 || (probes > 0 && agreement() >= floor && (pairs == 0 || apartness() >= floor));
    }

    private static double share(int some, int all) {
        return all == 0 ? 0 : some / (double) all;
    }
}
