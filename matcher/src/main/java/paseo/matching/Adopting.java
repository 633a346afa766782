package paseo.matching;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Decision;

/**
 * Finds whose an undecided sequence is by now: the {@link MatchPolicy} asked again, after what has become known since.
 * A sequence that is still nobody's may become a person, alone where only the gallery had changed, or together with
 * another undecided one where each had too few faces.
 */
final class Adopting {
    private final MatchThresholds thresholds;
    private final double agree;
    private final MatchPolicy policy;
    private final Grouping grouping;

    Adopting(ConsolidationRules rules, Grouping grouping) {
        this.thresholds = rules.thresholds();
        this.agree = rules.agree();
        this.policy = new MatchPolicy(thresholds);
        this.grouping = grouping;
    }

    /** The clearest adoption by an existing person, or else the first new person. */
    Optional<LedgerEvent> next() {
        LedgerEvent best = null;
        for (Portrait sequence : comparable()) {
            LedgerEvent adoption = adoption(sequence);
            if (adoption != null && (best == null || similarity(adoption) > similarity(best))) {
                best = adoption;
            }
        }
        return Optional.ofNullable(best).or(this::newPerson).or(this::pooledPerson);
    }

    private List<Portrait> comparable() {
        return grouping.undecided().stream().filter(Portrait::comparable).toList();
    }

    private static double similarity(LedgerEvent adoption) {
        return adoption.similarity().orElse(Similarities.NONE);
    }

    private Verdict verdict(Portrait sequence) {
        List<Candidate> candidates = Candidates.of(sequence, grouping, Set.of());
        return policy.decide(sequence.usable(), sequence.facesToCreate(), candidates, Set.of());
    }

    private @Nullable LedgerEvent adoption(Portrait sequence) {
        Verdict verdict = verdict(sequence);
        if (verdict.person().isEmpty()) {
            return null;
        }
        long person = verdict.person().getAsLong();
        return grouping.isNew(sequence) || grouping.changed(person)
                ? adopted(person, List.of(sequence.id()), LedgerEvent.Cause.RECOGNISED, verdict.similarity())
                : null;
    }

    /** Only those that are looked at for the first time: the neighbours of the others were not all supplied. */
    private Optional<LedgerEvent> newPerson() {
        return comparable().stream()
                .filter(grouping::isNew)
                .flatMap(sequence -> {
                    Verdict verdict = verdict(sequence);
                    return verdict.decision() == Decision.NEW
                            ? Optional.of(adopted(
                                            grouping.nextPerson(),
                                            List.of(sequence.id()),
                                            LedgerEvent.Cause.NEW,
                                            verdict.similarity()))
                                    .stream()
                            : Optional.<LedgerEvent>empty().stream();
                })
                .findFirst();
    }

    private Optional<LedgerEvent> pooledPerson() {
        List<Portrait> strangers = comparable().stream()
                .filter(sequence -> verdict(sequence).similarity().orElse(Similarities.NONE) < thresholds.create())
                .toList();
        LedgerEvent best = null;
        for (Portrait one : strangers) {
            for (Portrait other : strangers) {
                LedgerEvent pool = one.id().compareTo(other.id()) < 0 ? pool(one, other) : null;
                if (pool != null && (best == null || similarity(pool) > similarity(best))) {
                    best = pool;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private @Nullable LedgerEvent pool(Portrait one, Portrait other) {
        boolean possible = (grouping.isNew(one) || grouping.isNew(other))
                && one.usable() + other.usable() >= Math.min(one.facesToCreate(), other.facesToCreate())
                && !grouping.apart(one, List.of(other));
        // Last, because it is what takes time.
        double similarity = possible ? grouping.similarity(one, other) : Similarities.NONE;
        return similarity >= agree
                ? adopted(
                        grouping.nextPerson(),
                        List.of(one.id(), other.id()),
                        LedgerEvent.Cause.POOLED,
                        OptionalDouble.of(similarity))
                : null;
    }

    private static LedgerEvent adopted(
            long person, List<UUID> sequences, LedgerEvent.Cause cause, OptionalDouble similarity) {
        return LedgerEvent.moved(LedgerEvent.Kind.ADOPTED, LedgerEvent.NOBODY, person, sequences, cause, similarity);
    }
}
