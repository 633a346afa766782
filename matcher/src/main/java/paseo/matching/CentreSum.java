package paseo.matching;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/** The sum of the centres of a person's sequences: the mean cosine to all of them is a single product with it. */
final class CentreSum {
    private static final double SMALLEST_SQUARE = 1e-9;

    private final Set<UUID> sequences = new HashSet<>();
    private double[] sum = {};

    /** Null where the centres cancel out, or there are none. */
    private final @Nullable Embedding direction;

    /** Of those that can be compared. */
    CentreSum(Collection<Portrait> portraits) {
        portraits.stream().filter(Portrait::comparable).forEach(this::add);
        direction = Similarity.dot(sum, sum) < SMALLEST_SQUARE ? null : Embedding.normalised(floats(sum));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private void add(Portrait portrait) {
        Embedding centre = Objects.requireNonNull(portrait.centre());
        if (sum.length == 0) {
            sum = new double[centre.dimension()];
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += centre.get(i);
        }
        sequences.add(portrait.id());
    }

    /** Mean cosine between a sequence's centre and these, itself left out; empty without any. */
    OptionalDouble mean(Portrait sequence) {
        boolean among = sequences.contains(sequence.id());
        int others = sequences.size() - (among ? 1 : 0);
        if (others == 0 || !sequence.comparable()) {
            return OptionalDouble.empty();
        }
        Embedding centre = Objects.requireNonNull(sequence.centre());
        double products = product(centre) - (among ? centre.similarity(centre) : 0);
        return OptionalDouble.of(products / others);
    }

    /** The cosine between the mean directions of two persons, in [-1, 1]; 0 where one has none. */
    double cosine(CentreSum other) {
        return direction == null || other.direction == null ? 0 : direction.similarity(other.direction);
    }

    private double product(Embedding centre) {
        double product = 0;
        for (int i = 0; i < sum.length; i++) {
            product += centre.get(i) * sum[i];
        }
        return product;
    }
}
