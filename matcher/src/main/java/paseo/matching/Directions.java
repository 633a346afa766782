package paseo.matching;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The mean directions of persons, and who are the nearest by them. Follows the persons as they are revised: lists that
 * a revision cannot have changed are kept.
 */
final class Directions {
    private final SortedMap<Long, List<Portrait>> persons;
    private final int most;
    private final Map<Long, CentreSum> sums = new HashMap<>();
    private final Map<Long, Nearest> nearest = new HashMap<>();

    private record Neighbour(long person, double cosine) {}

    /** @param least cosine of those that are full; below every cosine of others */
    private record Nearest(Set<Long> persons, double least) {}

    /**
     * @param persons by number, as they are at any time
     * @param most persons who are nearest to one
     */
    Directions(SortedMap<Long, List<Portrait>> persons, int most) {
        this.persons = persons;
        this.most = most;
    }

    /** The sum of the centres of somebody who is there. */
    CentreSum sum(long person) {
        return sums.computeIfAbsent(person, number -> new CentreSum(persons.getOrDefault(number, List.of())));
    }

    /** Whether somebody is among the nearest of a person. */
    boolean near(long person, long other) {
        return nearest.computeIfAbsent(person, this::nearest).persons.contains(other);
    }

    private Nearest nearest(long person) {
        List<Neighbour> first = persons.keySet().stream()
                .filter(other -> other != person)
                .map(other -> new Neighbour(other, sum(person).cosine(sum(other))))
                .sorted(Comparator.comparingDouble(Neighbour::cosine).reversed().thenComparingLong(Neighbour::person))
                .limit(most)
                .toList();
        return new Nearest(
                first.stream().map(Neighbour::person).collect(Collectors.toUnmodifiableSet()),
                first.size() < most ? Double.NEGATIVE_INFINITY : first.get(most - 1).cosine);
    }

    /** To be called when a person has other sequences than before, or none any more. */
    void revised(long person) {
        sums.remove(person);
        nearest.remove(person);
        boolean there = persons.containsKey(person);
        nearest.entrySet()
                .removeIf(list -> list.getValue().persons.contains(person)
                        || (there && sum(list.getKey()).cosine(sum(person)) >= list.getValue().least));
    }
}
