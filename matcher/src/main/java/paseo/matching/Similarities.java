package paseo.matching;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import paseo.events.Embedding;

/**
 * Similarities between sequences and sets of them: the mean of a cosine of centres and the best cosine of prototypes,
 * see {@link Similarity}. Whether two sets belong together is asked of the nearest pair of centres, as one person may
 * look in two ways; who a probe is, of all centres of a person together, as decisions ask.
 *
 * <p>Nothing is kept: {@link Grouping} keeps what is known of sets. Pairs of single sequences are millions where many
 * people of many sequences each are looked at, and computing one again costs little more than finding it.
 */
final class Similarities {
    /** Of sets that cannot be compared: as unlike as can be. */
    static final double NONE = -1;

    private final double prototypesFrom;

    /**
     * @param create below this similarity of two sets nothing is ever done; prototypes of two sequences, 25 pairs of
     *     them, are only compared where the centres reach half of it, which strangers seldom do
     */
    Similarities(double create) {
        this.prototypesFrom = create / 2;
    }

    private record Parts(double centre, double prototype) {}

    /**
     * Set-to-set similarity, with the larger of the sides' offsets taken off; {@link #NONE} when either side has
     * nothing to compare.
     */
    double between(Collection<Portrait> some, Collection<Portrait> others) {
        Parts nearest = nearest(some, others);
        return nearest.centre == NONE ? NONE : judged(nearest, some, others);
    }

    /** The same of a probe and a person, judged as decisions judge it. */
    double ofProbe(Portrait probe, Collection<Portrait> person) {
        Parts nearest = nearest(List.of(probe), person);
        if (nearest.centre == NONE) {
            return NONE;
        }
        double centre = Similarity.ofCentres(centres(List.of(probe)), centres(person));
        return judged(new Parts(centre, nearest.prototype), List.of(probe), person);
    }

    private Parts nearest(Collection<Portrait> some, Collection<Portrait> others) {
        double centre = NONE;
        double prototype = NONE;
        for (Portrait one : some) {
            for (Portrait other : others) {
                if (one.comparable() && other.comparable()) {
                    Parts parts = compare(one, other);
                    centre = Math.max(centre, parts.centre);
                    prototype = Math.max(prototype, parts.prototype);
                }
            }
        }
        return new Parts(centre, prototype);
    }

    private static double judged(Parts parts, Collection<Portrait> some, Collection<Portrait> others) {
        OptionalDouble prototype = parts.prototype > NONE ? OptionalDouble.of(parts.prototype) : OptionalDouble.empty();
        return Similarity.of(parts.centre, prototype) - Math.max(offset(some), offset(others));
    }

    private static List<Embedding> centres(Collection<Portrait> set) {
        return set.stream()
                .filter(Portrait::comparable)
                .map(one -> Objects.requireNonNull(one.centre()))
                .toList();
    }

    private static double offset(Collection<Portrait> set) {
        return set.stream()
                .filter(Portrait::comparable)
                .mapToDouble(Portrait::offset)
                .average()
                .orElse(0);
    }

    /** Mean cosine between a sequence's centre and those of a set, itself left out; empty without any. */
    OptionalDouble mean(Portrait one, Collection<Portrait> others) {
        return one.comparable()
                ? others.stream()
                        .filter(other -> other.comparable() && !other.id().equals(one.id()))
                        .mapToDouble(other -> centre(one, other))
                        .average()
                : OptionalDouble.empty();
    }

    private static double centre(Portrait one, Portrait other) {
        return Objects.requireNonNull(one.centre()).similarity(Objects.requireNonNull(other.centre()));
    }

    private Parts compare(Portrait one, Portrait other) {
        double centre = centre(one, other);
        double prototype = NONE;
        if (centre >= prototypesFrom) {
            for (Embedding mine : one.prototypes().values()) {
                for (Embedding theirs : other.prototypes().values()) {
                    prototype = Math.max(prototype, mine.similarity(theirs));
                }
            }
        }
        return new Parts(centre, prototype);
    }
}
