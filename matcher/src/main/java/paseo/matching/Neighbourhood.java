package paseo.matching;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The part of a gallery that a pass of consolidation looks at: what changed, and what lies near it. The order of its
 * lists and sets means nothing.
 *
 * @param persons by number, each with all of its sequences
 * @param undecided sequences of nobody
 * @param changedPersons who has new sequences; only they and what is similar to them is revised
 * @param changedSequences those of {@code undecided} that are new
 * @param apart pairs that certainly are different people
 * @param together pairs that somebody has said to be one person
 * @param restored prototypes that somebody has restored after they were dropped
 * @param nextPerson number of the next person who is created
 */
record Neighbourhood(
        Map<Long, List<Portrait>> persons,
        List<Portrait> undecided,
        Set<Long> changedPersons,
        Set<UUID> changedSequences,
        Set<Link> apart,
        Set<Link> together,
        Set<Prototype> restored,
        long nextPerson) {
    /** A prototype of a sequence's template, by its ordinal. */
    record Prototype(UUID sequence, int ordinal) {}

    /** The same without some of the sequences of nobody. */
    Neighbourhood without(Set<UUID> unwanted) {
        return new Neighbourhood(
                persons,
                undecided.stream()
                        .filter(sequence -> !unwanted.contains(sequence.id()))
                        .toList(),
                changedPersons,
                changedSequences.stream().filter(id -> !unwanted.contains(id)).collect(Collectors.toUnmodifiableSet()),
                apart,
                together,
                restored,
                nextPerson);
    }
}
