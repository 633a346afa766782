package paseo.matching;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import paseo.events.Decision;

/**
 * Whose sequence it is, as a pure function.
 *
 * <ul>
 *   <li><b>recognised</b>: the nearest person reaches {@code accept} ({@code weak}, if few faces were usable), and
 *       leads every other by {@code margin};
 *   <li><b>new</b>: the nearest stays below {@code create} (or there is none), and the evidence could carry a person;
 *   <li><b>undecided</b>: everything between. For a sequence in view that means until there are more faces; for a
 *       closed one it is final: it is stored, belongs to nobody and is not searched, so it can mislead nobody.
 * </ul>
 *
 * <p>A sequence without a template is unusable and does not come here. Persons seen in one frame with the probe are
 * certainly somebody else: they are neither matched nor counted as runner-up, whatever their similarity. The others are
 * then judged as if those did not exist, so a probe whose like is excluded is new or somebody else, never forced.
 */
final class MatchPolicy {
    /**
     * Usable faces from which on a sequence is compared like any other. Fewer may recognise somebody, if they agree
     * more; what they look like is never held against a calibration.
     */
    static final int FACES_TO_RELY_ON = 3;

    /** Usable faces that a first look needs. */
    static final int FACES_TO_LOOK = 3;

    /**
     * Usable faces that a new person needs. Recognising asks for agreement with something stored; creating asks for
     * nothing, and what is left to be seen of a face behind a passer-by gets through the gates for a few frames.
     */
    static final int FACES_TO_CREATE = 5;

    /** The same at the end of a sequence of faces so far apart that each says something new. */
    private static final int SPARSE_FACES_TO_CREATE = 3;

    /** Mean time between two faces of a sequence from which on the next is more than the same picture once more. */
    private static final long SPARSE_MICROS = 250_000;

    private static final Comparator<Candidate> NEAREST_FIRST =
            Comparator.comparingDouble(Candidate::similarity).reversed().thenComparingLong(Candidate::person);

    private final MatchThresholds thresholds;

    MatchPolicy(MatchThresholds thresholds) {
        this.thresholds = thresholds;
    }

    /**
     * Whether a sequence in view may have become more certain: at each event while it belongs to nobody, afterwards
     * when its usable faces have doubled.
     *
     * @param usableFaces that it has now
     * @param before that it had at the latest look, 0 when there was none
     * @param identified whether it provisionally belongs to somebody
     */
    static boolean worthALook(int usableFaces, int before, boolean identified) {
        int enough = identified ? 2 * before : before + 1;
        return usableFaces >= Math.max(FACES_TO_LOOK, enough);
    }

    /**
     * How many usable faces a closed sequence needs to be a new person. A camera that is looked at once a second has no
     * more than three or four of most people.
     *
     * @param faces that it has, usable or not
     * @param micros from its first to its last
     */
    static int facesToCreate(int faces, long micros) {
        return micros >= SPARSE_MICROS * Math.max(1, faces - 1) ? SPARSE_FACES_TO_CREATE : FACES_TO_CREATE;
    }

    /**
     * Decides on one sequence that has a template.
     *
     * @param usableFaces faces behind the probe's template
     * @param facesToCreate how many of them a new person needs
     * @param candidates persons near the probe, in any order, each once
     * @param excluded persons that were seen together with the probe
     */
    Verdict decide(int usableFaces, int facesToCreate, List<Candidate> candidates, Set<Long> excluded) {
        List<Candidate> possible = candidates.stream()
                .filter(candidate -> !excluded.contains(candidate.person()))
                .sorted(NEAREST_FIRST)
                .limit(2)
                .toList();
        OptionalDouble similarity = similarityAt(0, possible);
        OptionalDouble runnerUp = similarityAt(1, possible);
        double threshold = usableFaces < FACES_TO_RELY_ON ? thresholds.weak() : thresholds.accept();
        Decision decision = decision(usableFaces >= facesToCreate, similarity, runnerUp, threshold);
        OptionalLong person = decision == Decision.RECOGNISED
                ? OptionalLong.of(possible.get(0).person())
                : OptionalLong.empty();
        return new Verdict(decision, person, similarity, runnerUp, OptionalDouble.of(threshold));
    }

    private Decision decision(
            boolean convincing, OptionalDouble similarity, OptionalDouble runnerUp, double threshold) {
        if (similarity.isEmpty() || similarity.getAsDouble() < thresholds.create()) {
            return convincing ? Decision.NEW : Decision.UNDECIDED;
        }
        boolean near = similarity.getAsDouble() >= threshold;
        boolean ahead = runnerUp.isEmpty() || similarity.getAsDouble() - runnerUp.getAsDouble() >= thresholds.margin();
        return near && ahead ? Decision.RECOGNISED : Decision.UNDECIDED;
    }

    private static OptionalDouble similarityAt(int place, List<Candidate> possible) {
        return place < possible.size() ? OptionalDouble.of(possible.get(place).similarity()) : OptionalDouble.empty();
    }
}
