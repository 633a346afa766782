package paseo.matching;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import paseo.events.Embedding;

/**
 * Finds a prototype that hurts its person: on average it would not be recognised by the centres of its own sequences,
 * and somebody else's are nearer. It would draw that person's sequences here. Who is near in all but one vector may be
 * the same person, not yet merged: therefore the first condition. What somebody has restored is not dropped again.
 */
final class Dropping {
    private final MatchThresholds thresholds;
    private final Grouping grouping;

    Dropping(ConsolidationRules rules, Grouping grouping) {
        this.thresholds = rules.thresholds();
        this.grouping = grouping;
    }

    /** The first prototype to be dropped, by person, sequence and ordinal. */
    Optional<LedgerEvent> next() {
        return grouping.changed().stream()
                .flatMap(person -> grouping.of(person).stream().flatMap(sequence -> first(person, sequence).stream()))
                .findFirst();
    }

    private Optional<LedgerEvent> first(long person, Portrait sequence) {
        for (Map.Entry<Integer, Embedding> prototype : sequence.prototypes().entrySet()) {
            double own = mean(prototype.getValue(), grouping.of(person)).orElse(1);
            if (own < thresholds.create()
                    && nearest(prototype.getValue(), person) >= own + thresholds.margin()
                    && !grouping.restored(sequence, prototype.getKey())) {
                return Optional.of(LedgerEvent.dropped(person, sequence.id(), prototype.getKey(), own));
            }
        }
        return Optional.empty();
    }

    private double nearest(Embedding vector, long except) {
        return grouping.numbers().stream()
                .filter(person -> person != except)
                .flatMapToDouble(person -> mean(vector, grouping.of(person)).stream())
                .max()
                .orElse(Similarities.NONE);
    }

    private static OptionalDouble mean(Embedding vector, List<Portrait> sequences) {
        return sequences.stream()
                .flatMap(sequence -> Optional.ofNullable(sequence.centre()).stream())
                .mapToDouble(vector::similarity)
                .average();
    }
}
