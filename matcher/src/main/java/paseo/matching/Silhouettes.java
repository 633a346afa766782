package paseo.matching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import paseo.events.Embedding;

/**
 * The silhouette coefficient (P. Rousseeuw, 1987) of persons over the centres of their sequences, by cosine distance:
 * for each sequence {@code s = (b - a) / max(a, b)}, where {@code a} is the mean distance to the person's other
 * sequences and {@code b} the smallest mean distance to another person's.
 *
 * <p>Distances are linear in the centres, so a mean distance to a person is the distance to the mean of its centres:
 * sequences × persons products instead of sequences². The order of additions is fixed by the order of the input, so
 * equal input gives equal bits.
 */
final class Silhouettes {
    private static final double NO_DISTANCE = 1e-9;

    private final Map<Long, Person> persons = new TreeMap<>();

    private static final class Person {
        final List<double[]> centres = new ArrayList<>();
        final double[] sum;

        Person(int dimension) {
            sum = new double[dimension];
        }
    }

    /** Adds the centre of one sequence of a person. */
    void add(long person, Embedding centre) {
        double[] unit = unit(centre.toArray());
        Person into = persons.computeIfAbsent(person, number -> new Person(unit.length));
        into.centres.add(unit);
        for (int i = 0; i < unit.length; i++) {
            into.sum[i] += unit[i];
        }
    }

    /** The cohesion of every person, by number. */
    Map<Long, Cohesion> cohesions() {
        Map<Long, Cohesion> cohesions = new HashMap<>();
        persons.forEach((number, person) -> cohesions.put(number, cohesion(number, person)));
        return cohesions;
    }

    /** The cohesion of one person. */
    Cohesion of(long number) {
        Person person = persons.get(number);
        return person == null ? Cohesion.UNKNOWN : cohesion(number, person);
    }

    private Cohesion cohesion(long number, Person person) {
        OptionalLong nearest = OptionalLong.empty();
        double similarity = Double.NEGATIVE_INFINITY;
        for (Map.Entry<Long, Person> other : persons.entrySet()) {
            double cosine = other.getKey() == number
                    ? Double.NEGATIVE_INFINITY
                    : Similarity.cosine(person.sum, other.getValue().sum);
            if (cosine > similarity) {
                similarity = cosine;
                nearest = OptionalLong.of(other.getKey());
            }
        }
        if (nearest.isEmpty()) {
            return Cohesion.UNKNOWN;
        }
        return new Cohesion(silhouette(number, person), nearest, OptionalDouble.of(similarity));
    }

    private OptionalDouble silhouette(long number, Person person) {
        if (person.centres.size() < 2) {
            return OptionalDouble.empty();
        }
        return person.centres.stream()
                .mapToDouble(centre -> silhouette(number, person, centre))
                .average();
    }

    private double silhouette(long number, Person own, double[] centre) {
        int others = own.centres.size() - 1;
        // The centre's own product is in the sum; it is 1 up to rounding.
        double a = (others - (Similarity.dot(centre, own.sum) - Similarity.dot(centre, centre))) / others;
        double b = Double.POSITIVE_INFINITY;
        for (Map.Entry<Long, Person> other : persons.entrySet()) {
            if (other.getKey() != number) {
                Person there = other.getValue();
                b = Math.min(b, 1 - Similarity.dot(centre, there.sum) / there.centres.size());
            }
        }
        return of(a, b);
    }

    /**
     * The silhouette of one sequence.
     *
     * @param own mean distance to the person's other sequences
     * @param nearest smallest mean distance to another person's
     */
    static double of(double own, double nearest) {
        double larger = Math.max(own, nearest);
        return larger < NO_DISTANCE ? 0 : (nearest - own) / larger;
    }

    private static double[] unit(float[] vector) {
        double[] unit = new double[vector.length];
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        double norm = Math.sqrt(square);
        for (int i = 0; i < unit.length; i++) {
            unit[i] = vector[i] / norm;
        }
        return unit;
    }
}
