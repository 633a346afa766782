package paseo.matching;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds sequences that are not of the person they are with:
 *
 * <ul>
 *   <li>two of one person's shared a frame: the one that is less like the others leaves;
 *   <li>another person is recognised in it, with a lead over its own: it goes there;
 *   <li>another person's centres are nearer on average, and none of its own would be recognised in it: it leaves;
 *   <li>the person lies below the silhouette's floor and falls into two groups: the smaller one leaves.
 * </ul>
 *
 * Nothing leaves what somebody has said to be one person, unless they shared a frame.
 */
final class Leaving {
    private final ConsolidationRules rules;
    private final MatchPolicy policy;
    private final Grouping grouping;

    Leaving(ConsolidationRules rules, Grouping grouping) {
        this.rules = rules;
        this.policy = new MatchPolicy(rules.thresholds());
        this.grouping = grouping;
    }

    private record Proposal(LedgerEvent event, double strength) {}

    /** What should leave first, if anything: of the changed person with the smallest number. */
    Optional<LedgerEvent> next() {
        return grouping.changed().stream()
                .filter(person -> grouping.of(person).size() > 1)
                .flatMap(person -> contradiction(person).or(() -> stray(person)).or(() -> secondGroup(person)).stream())
                .findFirst();
    }

    private Optional<LedgerEvent> contradiction(long person) {
        List<Portrait> all = grouping.of(person);
        return all.stream()
                .filter(sequence -> grouping.apart(sequence, person))
                .min(Comparator.comparingDouble((Portrait sequence) -> likeTheRest(sequence, all))
                        .thenComparing(Portrait::id, Comparator.reverseOrder()))
                .map(sequence -> LedgerEvent.moved(
                        LedgerEvent.Kind.SPLIT,
                        person,
                        grouping.nextPerson(),
                        List.of(sequence.id()),
                        LedgerEvent.Cause.SAME_FRAME,
                        OptionalDouble.empty()));
    }

    private double likeTheRest(Portrait sequence, List<Portrait> all) {
        List<Portrait> rest = all.stream()
                .filter(other -> !grouping.apart(sequence, List.of(other)))
                .toList();
        return grouping.mean(sequence, rest).orElse(Similarities.NONE);
    }

    private Optional<LedgerEvent> stray(long person) {
        List<Portrait> all = grouping.of(person);
        return all.stream()
                .filter(sequence -> sequence.comparable()
                        && !grouping.restless(sequence)
                        && !grouping.together(sequence, all)
                        && nearerToAnother(sequence, person))
                .flatMap(sequence -> stray(sequence, person).stream())
                .max(Comparator.comparingDouble(Proposal::strength))
                .map(Proposal::event);
    }

    /** Whether its silhouette is below zero. */
    private boolean nearerToAnother(Portrait sequence, long person) {
        OptionalDouble own = grouping.mean(sequence, person);
        OptionalDouble nearest = grouping.nearestMean(sequence, Set.of(person));
        return own.isPresent() && nearest.isPresent() && nearest.getAsDouble() > own.getAsDouble();
    }

    private Optional<Proposal> stray(Portrait sequence, long person) {
        double own = grouping.similarity(sequence, person);
        List<Candidate> others = Candidates.of(sequence, grouping, Set.of(person));
        Verdict verdict = policy.decide(sequence.usable(), sequence.facesToCreate(), others, Set.of());
        double nearest = verdict.similarity().orElse(Similarities.NONE);
        if (verdict.person().isPresent() && nearest - own >= ConsolidationRules.LEAD) {
            return Optional.of(new Proposal(
                    LedgerEvent.moved(
                            LedgerEvent.Kind.REASSIGNED,
                            person,
                            verdict.person().getAsLong(),
                            List.of(sequence.id()),
                            LedgerEvent.Cause.NEARER,
                            verdict.similarity()),
                    nearest - own));
        }
        if (own < rules.thresholds().create() && sequence.usable() >= sequence.facesToCreate()) {
            return Optional.of(new Proposal(
                    LedgerEvent.moved(
                            LedgerEvent.Kind.SPLIT,
                            person,
                            grouping.nextPerson(),
                            List.of(sequence.id()),
                            LedgerEvent.Cause.UNLIKE,
                            OptionalDouble.of(own)),
                    nearest - own));
        }
        return Optional.empty();
    }

    private Optional<LedgerEvent> secondGroup(long person) {
        List<Portrait> all = grouping.of(person);
        OptionalDouble silhouette = grouping.silhouette(all, perhapsTheSame(person));
        if (silhouette.isEmpty()
                || silhouette.getAsDouble() >= rules.floor()
                || all.stream().anyMatch(grouping::restless)) {
            return Optional.empty();
        }
        return Bisection.of(all, grouping)
                .filter(halves -> halves.tight(rules.thresholds().accept())
                        && halves.smaller().stream()
                                .noneMatch(sequence -> grouping.together(sequence, halves.larger())))
                .map(halves -> secondGroup(person, halves));
    }

    private Set<Long> perhapsTheSame(long person) {
        double accept = rules.thresholds().accept();
        return grouping.numbers().stream()
                .filter(other -> other == person || grouping.perhaps(person, other, accept))
                .collect(Collectors.toUnmodifiableSet());
    }

    private LedgerEvent secondGroup(long person, Bisection halves) {
        List<UUID> leaving = halves.smaller().stream().map(Portrait::id).toList();
        return LedgerEvent.moved(
                LedgerEvent.Kind.SPLIT,
                person,
                grouping.nextPerson(),
                leaving,
                LedgerEvent.Cause.TWO_GROUPS,
                OptionalDouble.of(halves.across()));
    }
}
