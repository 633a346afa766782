package paseo.matching;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import paseo.events.Decision;

/**
 * Whose sequence it is: the decision of the design in its first form, as a pure function.
 *
 * <ul>
 *   <li><b>recognised</b>: the nearest person reaches {@code accept}, and leads every other by {@code margin};
 *   <li><b>new</b>: the nearest stays below {@code create} (or there is none), and the evidence could carry a person;
 *   <li><b>undecided</b>: everything between, for good: the sequence is stored and belongs to nobody.
 * </ul>
 *
 * <p>A sequence without a template is unusable and does not come here. Persons seen in one frame with the probe are
 * certainly somebody else: they are neither matched nor counted as runner-up, whatever their similarity. The others are
 * then judged as if those did not exist, so a probe whose like is excluded is new or somebody else, never forced.
 */
final class MatchPolicy {
    /**
     * Usable faces that a new person needs. Recognising asks for agreement with something stored, so one face may do;
     * creating asks for nothing, and a stray face that passes the gates by chance seldom does so three times.
     */
    static final int FACES_TO_CREATE = 3;

    private static final Comparator<Candidate> NEAREST_FIRST =
            Comparator.comparingDouble(Candidate::similarity).reversed().thenComparingLong(Candidate::person);

    private final MatchThresholds thresholds;

    MatchPolicy(MatchThresholds thresholds) {
        this.thresholds = thresholds;
    }

    /**
     * Decides on one sequence that has a template.
     *
     * @param usableFaces faces behind the probe's template
     * @param candidates persons near the probe, in any order, each once
     * @param excluded persons that were seen together with the probe
     */
    Verdict decide(int usableFaces, List<Candidate> candidates, Set<Long> excluded) {
        List<Candidate> possible = candidates.stream()
                .filter(candidate -> !excluded.contains(candidate.person()))
                .sorted(NEAREST_FIRST)
                .limit(2)
                .toList();
        OptionalDouble similarity = similarityAt(0, possible);
        OptionalDouble runnerUp = similarityAt(1, possible);
        Decision decision = decision(usableFaces, similarity, runnerUp);
        OptionalLong person = decision == Decision.RECOGNISED
                ? OptionalLong.of(possible.get(0).person())
                : OptionalLong.empty();
        return new Verdict(decision, person, similarity, runnerUp, OptionalDouble.of(thresholds.accept()));
    }

    private Decision decision(int usableFaces, OptionalDouble similarity, OptionalDouble runnerUp) {
        if (similarity.isEmpty() || similarity.getAsDouble() < thresholds.create()) {
            return usableFaces >= FACES_TO_CREATE ? Decision.NEW : Decision.UNDECIDED;
        }
        boolean near = similarity.getAsDouble() >= thresholds.accept();
        boolean ahead = runnerUp.isEmpty() || similarity.getAsDouble() - runnerUp.getAsDouble() >= thresholds.margin();
        return near && ahead ? Decision.RECOGNISED : Decision.UNDECIDED;
    }

    private static OptionalDouble similarityAt(int place, List<Candidate> possible) {
        return place < possible.size() ? OptionalDouble.of(possible.get(place).similarity()) : OptionalDouble.empty();
    }
}
