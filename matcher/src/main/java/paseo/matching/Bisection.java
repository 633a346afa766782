package paseo.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A person's sequences in two groups, found by joining the two groups with the largest mean cosine between centres
 * until two are left (average linkage).
 *
 * @param larger the group with more sequences, or with the smallest id where they are equal
 * @param smaller the other one
 * @param across mean cosine between centres of the two
 * @param within the smaller of the mean cosines within each
 */
record Bisection(List<Portrait> larger, List<Portrait> smaller, double across, double within) {
    /** Beyond this, groups take too long to find (n³), and so large a person is a task for people. */
    private static final int MOST = 64;

    /** Of sequences that can all be compared, four or more; empty otherwise. */
    static Optional<Bisection> of(List<Portrait> sequences, Grouping grouping) {
        boolean usable = sequences.size() >= 4
                && sequences.size() <= MOST
                && sequences.stream().allMatch(Portrait::comparable);
        return usable ? Optional.of(halve(sequences, grouping)) : Optional.empty();
    }

    private static Bisection halve(List<Portrait> sequences, Grouping grouping) {
        List<List<Portrait>> groups = new ArrayList<>();
        sequences.forEach(sequence -> groups.add(List.of(sequence)));
        while (groups.size() > 2) {
            joinNearest(groups, grouping);
        }
        groups.sort(Comparator.comparingInt((List<Portrait> group) -> group.size())
                .reversed()
                .thenComparing(group -> group.get(0).id()));
        List<Portrait> larger = groups.get(0);
        List<Portrait> smaller = groups.get(1);
        return new Bisection(
                larger,
                smaller,
                mean(larger, smaller, grouping),
                Math.min(mean(larger, larger, grouping), mean(smaller, smaller, grouping)));
    }

    private static void joinNearest(List<List<Portrait>> groups, Grouping grouping) {
        int one = 0;
        int other = 1;
        double nearest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < groups.size(); i++) {
            for (int j = i + 1; j < groups.size(); j++) {
                double mean = mean(groups.get(i), groups.get(j), grouping);
                if (mean > nearest) {
                    nearest = mean;
                    one = i;
                    other = j;
                }
            }
        }
        List<Portrait> joined = new ArrayList<>(groups.get(one));
        joined.addAll(groups.remove(other));
        joined.sort(Comparator.comparing(Portrait::id));
        groups.set(one, joined);
    }

    /** Over pairs of different sequences; below every cosine where there are none. */
    private static double mean(List<Portrait> some, List<Portrait> others, Grouping grouping) {
        return some.stream()
                .flatMapToDouble(sequence -> grouping.mean(sequence, others).stream())
                .average()
                .orElse(Similarities.NONE);
    }

    /** Whether both are groups indeed: of two sequences or more each, more alike than {@code accept}, and far apart. */
    boolean tight(double accept) {
        return smaller.size() >= 2 && within >= accept && within - across >= ConsolidationRules.LEAD;
    }
}
