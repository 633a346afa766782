package paseo.matching;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** The persons of a neighbourhood as {@link MatchPolicy} wants them. */
final class Candidates {
    private Candidates() {}

    /**
     * Who a sequence could be: nobody who shared a frame with it.
     *
     * @param except left out, too
     */
    static List<Candidate> of(Portrait sequence, Grouping grouping, Set<Long> except) {
        return grouping.numbers().stream()
                .filter(person -> !except.contains(person) && !grouping.apart(sequence, person))
                .map(person -> new Candidate(person, grouping.ofProbe(sequence, person), OptionalDouble.empty()))
                .toList();
    }
}
