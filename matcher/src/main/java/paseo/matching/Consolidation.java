package paseo.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One pass over the part of a gallery where something changed: what should be revised, after all that is known by now.
 * A function of its input, whatever its order; a pass over its own result revises nothing.
 *
 * <p>Revisions are found one at a time, each after the earlier ones, in rounds: who must leave, who is one person,
 * whose the undecided sequences are, which vectors mislead. It ends: two sequences that shared a frame are parted once,
 * each other sequence leaves its person at most once, each merge leaves one person less, each adoption one undecided
 * sequence less, each drop one prototype less.
 *
 * <p>Why it settles: who left because nobody there would recognise it cannot come back by a merge, which asks for more;
 * a group that left because the whole lay below the silhouette's floor cannot, because a merge must stay above; whoever
 * went to a nearer person would need a lead to go back.
 */
final class Consolidation {
    private final Grouping grouping;
    private final List<LedgerEvent> events;

    Consolidation(ConsolidationRules rules, Neighbourhood neighbourhood) {
        this.grouping =
                new Grouping(neighbourhood, new Similarities(rules.thresholds().create()));
        this.events = List.copyOf(run(rules));
    }

    private List<LedgerEvent> run(ConsolidationRules rules) {
        Leaving leaving = new Leaving(rules, grouping);
        Merging merging = new Merging(rules, grouping);
        Adopting adopting = new Adopting(rules, grouping);
        Dropping dropping = new Dropping(rules, grouping);
        List<Supplier<Optional<LedgerEvent>>> steps =
                List.of(leaving::next, merging::next, adopting::next, dropping::next);
        List<LedgerEvent> found = new ArrayList<>();
        int before;
        do {
            before = found.size();
            steps.forEach(step -> exhaust(step, found));
        } while (found.size() > before);
        return found;
    }

    private void exhaust(Supplier<Optional<LedgerEvent>> step, List<LedgerEvent> found) {
        for (Optional<LedgerEvent> next = step.get(); next.isPresent(); next = step.get()) {
            grouping.apply(next.get());
            found.add(next.get());
        }
    }

    /** What is to be revised, in this order. */
    List<LedgerEvent> events() {
        return events;
    }

    /** Who changed, before the pass or by it, ascending. */
    List<Long> changed() {
        return grouping.changed();
    }

    /** The persons afterwards, each with sequences by id. */
    SortedMap<Long, List<Portrait>> persons() {
        SortedMap<Long, List<Portrait>> persons = new TreeMap<>();
        grouping.numbers().forEach(person -> persons.put(person, grouping.of(person)));
        return persons;
    }
}
