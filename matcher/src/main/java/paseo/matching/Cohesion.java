package paseo.matching;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How well a person's sequences hold together and stay away from everybody else's, by the centres of the sequences.
 *
 * @param silhouette mean silhouette of the person's sequences by cosine distance, in [-1, 1]; empty when the person has
 *     only one sequence, about whose cohesion nothing is known, or when there is nobody else
 * @param nearest number of the nearest other person; empty when there is none
 * @param similarity cosine between the mean centres of the two
 */
public record Cohesion(OptionalDouble silhouette, OptionalLong nearest, OptionalDouble similarity) {
    static final Cohesion UNKNOWN = new Cohesion(OptionalDouble.empty(), OptionalLong.empty(), OptionalDouble.empty());
}
