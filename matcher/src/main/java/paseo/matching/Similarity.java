package paseo.matching;

import java.util.List;
import java.util.OptionalDouble;
import paseo.events.Embedding;
import paseo.events.Template;

/**
 * How alike two templates are: the mean of the cosine of their centres and of the largest cosine between a prototype of
 * one and a prototype of the other; the centres' alone where either has no prototypes.
 *
 * <p>The centres carry the evidence of every face but blur poses together; the best pair of prototypes compares like
 * pose with like, but is the maximum of up to 25 draws, so strangers gain from it too. Symmetric: the two templates may
 * change places.
 */
public final class Similarity {
    /** Raised with each change of the definition: a calibration of another version says nothing about this one. */
    public static final int VERSION = 1;

    /** With two faces, one bad one is half of all there is. */
    private static final int FEWEST_WITHIN = 3;

    private static final double SMALLEST_NORM = 1e-9;

    private Similarity() {}

    /**
     * The similarity of two templates of one model pack, in [-1, 1]. The gallery takes the same in SQL, from
     * half-precision vectors.
     *
     * @throws IllegalArgumentException if the dimensions differ
     */
    public static double between(Template a, Template b) {
        return of(ofCentres(a, b), ofPrototypes(a, b));
    }

    /** The part of the centres. */
    public static double ofCentres(Template a, Template b) {
        return a.centre().similarity(b.centre());
    }

    /** The part of the prototypes; empty where either has none. */
    public static OptionalDouble ofPrototypes(Template a, Template b) {
        return a.prototypes().stream()
                .flatMapToDouble(mine -> b.prototypes().stream()
                        .mapToDouble(theirs -> mine.embedding().similarity(theirs.embedding())))
                .max();
    }

    /**
     * How alike the faces of one template are, on average over their pairs: with n unit vectors and the length c of
     * their mean, (n c² − 1) / (n − 1). Their weights make it a little less exact. Empty for fewer than three.
     */
    public static OptionalDouble within(Template template) {
        return within(template.faceCount(), template.concentration());
    }

    /** The same from a template's stored numbers. */
    static OptionalDouble within(long faces, double concentration) {
        return faces < FEWEST_WITHIN
                ? OptionalDouble.empty()
                : OptionalDouble.of((faces * concentration * concentration - 1) / (faces - 1));
    }

    /**
     * The cosine between two people of one or more sequences each: of the sums of their centres. What a stranger has in
     * common with a person by chance is not the same in every sequence. The nearest of several would be a stranger's
     * best of several tries, and whoever comes often would be taken for others often.
     *
     * @return 0 where the centres of either cancel out
     */
    public static double ofCentres(List<Embedding> some, List<Embedding> others) {
        return cosine(sum(some), sum(others));
    }

    private static double[] sum(List<Embedding> centres) {
        double[] sum = new double[centres.get(0).dimension()];
        for (Embedding centre : centres) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += centre.get(i);
            }
        }
        return sum;
    }

    /** The cosine between two vectors of any length, in [-1, 1]; 0 where one has none to speak of. */
    static double cosine(double[] a, double[] b) {
        double norms = Math.sqrt(dot(a, a) * dot(b, b));
        return norms < SMALLEST_NORM ? 0 : Math.max(-1, Math.min(1, dot(a, b) / norms));
    }

    static double dot(double[] a, double[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    /**
     * The similarity whose parts are known: for people of several sequences, {@link #ofCentres(List, List) that of all
     * their centres} and the largest of any two prototypes.
     */
    public static double of(double centre, OptionalDouble prototype) {
        return prototype.isPresent() ? (centre + prototype.getAsDouble()) / 2 : centre;
    }
}
