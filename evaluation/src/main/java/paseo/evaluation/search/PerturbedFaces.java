package paseo.evaluation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import paseo.events.Embedding;

/**
 * Any number of persons and their templates, made from real embeddings so that who is near whom stays real.
 *
 * <p>A person is a real person's centre blended with two others' (weights .8, .48 and .36, whose squares sum to one, on
 * centres from which the mean of all was taken): the spread in every direction, and with it how alike strangers are, is
 * that of the real ones, and people stay near their own kind. A look of the person is the centre plus what a real
 * photograph of somebody differs from that somebody's centre by, blended with another such difference in the same way.
 */
public final class PerturbedFaces {
    private static final double[] PERSON = {0.8, 0.48, 0.36};
    private static final double[] LOOK = {0.8, 0.6};
    /** Faces behind a template. */
    private static final int FACES = 8;

    private final int dimension;
    private final double[] mean;
    private final List<double[]> centres = new ArrayList<>();
    private final List<double[]> differences = new ArrayList<>();

    /**
     * Learns from photographs.
     *
     * @param embeddings of one model pack, some persons with several
     * @param persons number of each embedding's person, from 0 without gaps
     */
    public PerturbedFaces(List<Embedding> embeddings, int[] persons) {
        this.dimension = embeddings.get(0).dimension();
        List<List<Embedding>> byPerson = new ArrayList<>();
        for (int i = 0; i < persons.length; i++) {
            while (byPerson.size() <= persons[i]) {
                byPerson.add(new ArrayList<>());
            }
            byPerson.get(persons[i]).add(embeddings.get(i));
        }
        byPerson.forEach(this::learn);
        this.mean = mean(centres);
        if (differences.size() < 2) {
            throw new IllegalArgumentException(
                    "nobody has two photographs: what a person's looks differ by is unknown");
        }
    }

    private void learn(List<Embedding> looks) {
        double[] centre = new double[dimension];
        for (Embedding look : looks) {
            for (int d = 0; d < dimension; d++) {
                centre[d] += look.get(d) / looks.size();
            }
        }
        centres.add(centre);
        // Differences from a mean of n are too small by (n - 1) / n.
        double whole = looks.size() < 2 ? 0 : Math.sqrt(looks.size() / (looks.size() - 1.0));
        for (Embedding look : whole == 0 ? List.<Embedding>of() : looks) {
            double[] difference = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                difference[d] = (look.get(d) - centre[d]) * whole;
            }
            differences.add(difference);
        }
    }

    private static double[] mean(List<double[]> vectors) {
        double[] mean = new double[vectors.get(0).length];
        for (double[] vector : vectors) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += vector[d] / vectors.size();
            }
        }
        return mean;
    }

    /**
     * What the template of one sequence would hold: the direction of the mean of {@value #FACES} looks, then some of
     * the looks.
     *
     * @param person any number; the same is the same person
     * @param vectors how many in all
     * @param occasion another number gives other looks
     */
    public List<Embedding> template(long person, int vectors, long occasion) {
        double[] centre = centre(person);
        Random how = new Random((person * 31 + occasion) * 0xD1342543DE82EF95L + 7);
        List<Embedding> made = new ArrayList<>();
        float[] sum = new float[dimension];
        for (int face = 0; face < FACES; face++) {
            Embedding look = look(centre, how);
            for (int d = 0; d < dimension; d++) {
                sum[d] += look.get(d);
            }
            if (face < vectors - 1) {
                made.add(look);
            }
        }
        made.add(0, Embedding.normalised(sum));
        return made;
    }

    private double[] centre(long person) {
        Random who = new Random(person * 0x9E3779B97F4A7C15L + 1);
        double[] centre = mean.clone();
        int first = Math.floorMod(person, centres.size());
        for (int i = 0; i < PERSON.length; i++) {
            double[] other = centres.get(i == 0 ? first : who.nextInt(centres.size()));
            for (int d = 0; d < dimension; d++) {
                centre[d] += PERSON[i] * (other[d] - mean[d]);
            }
        }
        return centre;
    }

    private Embedding look(double[] centre, Random how) {
        float[] vector = new float[dimension];
        double[] one = differences.get(how.nextInt(differences.size()));
        double[] other = differences.get(how.nextInt(differences.size()));
        for (int d = 0; d < dimension; d++) {
            vector[d] = (float) (centre[d] + LOOK[0] * one[d] + LOOK[1] * other[d]);
        }
        return Embedding.normalised(vector);
    }
}
