package paseo.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds two persons who are one. A wrong merge mixes two people for good, a missed one leaves a fragment, so that much
 * is asked:
 *
 * <ul>
 *   <li>no two of their sequences shared a frame (I11), nor has somebody parted them;
 *   <li>they are {@code close}; or they reach {@code create} and two independent sequences agree: sequences of either
 *       side that reach {@code agree} with the other side, or undecided ones that reach it with both;
 *   <li>nobody else is nearly as similar to either of them, except somebody who reaches {@code accept} with both and
 *       may be the same person too;
 *   <li>as one person, they do not fall below the silhouette's floor.
 * </ul>
 */
final class Merging {
    private static final int INDEPENDENT = 2;
    private static final double SAID = 2;

    private static final Comparator<Proposal> BEST_FIRST = Comparator.comparingDouble(Proposal::strength)
            .reversed()
            .thenComparingLong(Proposal::older)
            .thenComparingLong(Proposal::younger);

    private static final Comparator<Portrait> BY_TIME = Comparator.comparingLong(Portrait::session)
            .thenComparingLong(Portrait::firstMicros)
            .thenComparing(Portrait::id);

    private final ConsolidationRules rules;
    private final MatchThresholds thresholds;
    private final Grouping grouping;

    Merging(ConsolidationRules rules, Grouping grouping) {
        this.rules = rules;
        this.thresholds = rules.thresholds();
        this.grouping = grouping;
    }

    private record Proposal(long older, long younger, double strength, LedgerEvent.Cause cause) {}

    /** The merge of the two most similar persons who are one, if there are such. */
    Optional<LedgerEvent> next() {
        Proposal best = null;
        List<Long> numbers = grouping.numbers();
        for (long one : grouping.changed()) {
            for (long other : numbers) {
                // Two who both changed meet once, when the older one is at the left.
                if (other > one || (other < one && !grouping.changed(other))) {
                    best = better(proposal(Math.min(one, other), Math.max(one, other), best), best);
                }
            }
        }
        return Optional.ofNullable(best).map(this::event);
    }

    private LedgerEvent event(Proposal proposal) {
        return LedgerEvent.moved(
                LedgerEvent.Kind.MERGED,
                proposal.younger,
                proposal.older,
                grouping.of(proposal.younger).stream().map(Portrait::id).toList(),
                proposal.cause,
                OptionalDouble.of(grouping.similarity(proposal.older, proposal.younger)));
    }

    private static @Nullable Proposal better(@Nullable Proposal one, @Nullable Proposal other) {
        return one == null || (other != null && BEST_FIRST.compare(other, one) <= 0) ? other : one;
    }

    /** Of two persons who are one; null where they are not, or it could not be better than another proposal. */
    private @Nullable Proposal proposal(long older, long younger, @Nullable Proposal best) {
        boolean said = grouping.together(older, younger);
        double similarity = grouping.similarity(older, younger);
        double strength = said ? SAID : similarity;
        if (strength < thresholds.create()
                || (best != null && strength < best.strength)
                || grouping.apart(older, younger)) {
            return null;
        }
        if (said) {
            return new Proposal(older, younger, strength, LedgerEvent.Cause.HAND);
        }
        return cause(older, younger, similarity)
                .filter(cause -> unrivalled(older, younger, similarity) && holdsTogether(older, younger))
                .map(cause -> new Proposal(older, younger, strength, cause))
                .orElse(null);
    }

    private Optional<LedgerEvent.Cause> cause(long one, long other, double similarity) {
        if (similarity >= rules.close()) {
            return Optional.of(LedgerEvent.Cause.CLOSE);
        }
        List<Portrait> bridges = grouping.undecided().stream()
                .filter(sequence -> witness(sequence, one) && witness(sequence, other))
                .toList();
        boolean agreed = independent(bridges, supporters(one, other)) >= INDEPENDENT
                || independent(bridges, supporters(other, one)) >= INDEPENDENT;
        return agreed ? Optional.of(LedgerEvent.Cause.AGREEMENT) : Optional.empty();
    }

    private List<Portrait> supporters(long person, long other) {
        return grouping.of(person).stream()
                .filter(sequence -> witness(sequence, other))
                .toList();
    }

    private boolean witness(Portrait sequence, long person) {
        return sequence.comparable()
                && grouping.similarity(sequence, person) >= enough(sequence)
                && !grouping.apart(sequence, person);
    }

    private double enough(Portrait sequence) {
        return sequence.usable() < MatchPolicy.FACES_TO_RELY_ON
                ? Math.max(thresholds.weak(), rules.agree())
                : rules.agree();
    }

    /** How many are separate evidence, taken greedily in the order of time. */
    private static int independent(List<Portrait> bridges, List<Portrait> supporters) {
        List<Portrait> taken = new ArrayList<>();
        Stream.concat(bridges.stream(), supporters.stream()).sorted(BY_TIME).forEach(sequence -> {
            if (taken.stream().allMatch(sequence::independentOf)) {
                taken.add(sequence);
            }
        });
        return taken.size();
    }

    private boolean unrivalled(long one, long other, double similarity) {
        return grouping.numbers().stream()
                .filter(rival -> rival != one && rival != other)
                .noneMatch(rival -> Math.max(grouping.similarity(rival, one), grouping.similarity(rival, other))
                                > similarity - thresholds.margin()
                        && !perhapsBoth(rival, one, other));
    }

    /** Whether somebody may be this very person, too: a third fragment. */
    private boolean perhapsBoth(long third, long one, long other) {
        return grouping.perhaps(third, one, thresholds.accept()) && grouping.perhaps(third, other, thresholds.accept());
    }

    private boolean holdsTogether(long one, long other) {
        List<Portrait> both = Stream.concat(grouping.of(one).stream(), grouping.of(other).stream())
                .toList();
        Set<Long> fragments = grouping.numbers().stream()
                .filter(third -> third == one || third == other || perhapsBoth(third, one, other))
                .collect(Collectors.toUnmodifiableSet());
        OptionalDouble silhouette = grouping.silhouette(both, fragments);
        return silhouette.isEmpty() || silhouette.getAsDouble() >= rules.floor();
    }
}
