package paseo.evaluation.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a trial has left in tables and topics.
 *
 * @param rows of tables, by what they are of, in an order of their own; equal whatever went wrong
 * @param people who is who: the sequences of each person, without the person's number, which depends on the order in
 *     which cameras were decided
 * @param finals of each sequence the different final sightings on the topic
 * @param closings of each sequence how many closings the topic has
 * @param faults what cannot be right whatever the input was
 */
record Evidence(
        SortedMap<String, List<String>> rows,
        Set<SortedSet<String>> people,
        Map<String, Set<String>> finals,
        Map<String, Integer> closings,
        List<String> faults) {
    private static final int SHOWN = 3;

    /** What differs from the trial in which nothing went wrong, and what is wrong by itself; empty when all is well. */
    List<String> violations(Evidence undisturbed) {
        List<String> violations = new ArrayList<>(faults);
        undisturbed.rows.forEach((of, expected) -> {
            List<String> found = rows.getOrDefault(of, List.of());
            if (!found.equals(expected)) {
                violations.add("I1: " + of + ": " + found.size() + " rows for " + expected.size()
                        + difference(found, expected));
            }
        });
        if (!people.equals(undisturbed.people)) {
            violations.add("I1: people are " + people + " and not " + undisturbed.people);
        }
        undisturbed.finals.keySet().forEach(sequence -> {
            int decisions = finals.getOrDefault(sequence, Set.of()).size();
            if (decisions != 1) {
                violations.add("I4: sequence " + sequence + " has " + decisions + " final decisions on its topic: "
                        + finals.get(sequence));
            }
            int closed = closings.getOrDefault(sequence, 0);
            if (closed != 1) {
                violations.add("I4: sequence " + sequence + " is closed " + closed + " times on its topic");
            }
        });
        return violations;
    }

    private static String difference(List<String> found, List<String> expected) {
        List<String> lost = new ArrayList<>(expected);
        lost.removeAll(Set.copyOf(found));
        List<String> extra = new ArrayList<>(found);
        extra.removeAll(Set.copyOf(expected));
        return "; lost " + some(lost) + "; not expected " + some(extra);
    }

    private static String some(List<String> rows) {
        return rows.size() + (rows.isEmpty() ? "" : " like " + rows.subList(0, Math.min(SHOWN, rows.size())));
    }
}
