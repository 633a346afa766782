package paseo.matching;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import paseo.events.Decision;

/**
 * What {@link MatchPolicy} says about a sequence.
 *
 * @param decision recognised, new, undecided or unusable
 * @param person number of the person, if and only if recognised
 * @param similarity to the nearest person that it could be
 * @param runnerUp similarity to the nearest different person that it could be
 * @param threshold what the similarity had to reach; empty when nothing was compared
 */
record Verdict(
        Decision decision,
        OptionalLong person,
        OptionalDouble similarity,
        OptionalDouble runnerUp,
        OptionalDouble threshold) {
    Verdict {
        if ((decision == Decision.RECOGNISED) != person.isPresent()) {
            throw new IllegalArgumentException("a verdict names a person if and only if one is recognised");
        }
    }

    /** Whether it is recognised as somebody of whom nothing is to be kept. */
    boolean optedOut() {
        return person.isPresent() && OptOuts.is(person.getAsLong());
    }

    /** New, found like this. */
    Verdict asNew() {
        return new Verdict(Decision.NEW, OptionalLong.empty(), similarity, runnerUp, threshold);
    }

    /** About a sequence that could not be compared with anybody. */
    static Verdict uncompared(Decision decision) {
        return new Verdict(
                decision, OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }
}
