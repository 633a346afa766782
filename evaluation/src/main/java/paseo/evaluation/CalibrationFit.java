package paseo.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import paseo.evaluation.methods.FaceSequence;
import paseo.events.Template;
import paseo.matching.Calibration;
import paseo.matching.Cohort;
import paseo.matching.ImpostorTail;
import paseo.matching.Similarity;
import paseo.matching.TailFit;
import paseo.tracking.TemplateParameters;

/**
 * Fits a {@link Calibration} to sequences of different people: first what a cohort gives, from the similarities as they
 * are, then the impostor tail, from the similarities as the cohort adjusts them.
 */
final class CalibrationFit {
    /** People with whom a cohort compares. */
    static final int COHORT = 10;

    /** Decisions on the edge of the gallery's own tail; see RATIONALE.md for how they were chosen. */
    static final Calibration.Rule RULE = new Calibration.Rule(0.01, 5, 0.1, 0.05, 30);

    /** Fewer people have too few pairs for a tail. */
    static final int FEWEST_PEOPLE = 150;

    private CalibrationFit() {}

    /**
     * Fits.
     *
     * @param version what the calibration is called
     * @param pack of the embeddings, {@code name@version}
     * @param data what the sequences are made of, in words
     * @param people one sequence of each person, at least {@value #FEWEST_PEOPLE}
     */
    static Calibration fit(String version, String pack, String data, List<FaceSequence> people) {
        if (people.size() < FEWEST_PEOPLE) {
            throw new IllegalArgumentException("a calibration needs " + FEWEST_PEOPLE
                    + " people with a usable sequence," + " and there are " + people.size());
        }
        double[][] raw = similarities(people);
        double[] all = Arrays.stream(raw).flatMapToDouble(Arrays::stream).toArray();
        double rate = Cohort.SHARES.get(Cohort.SHARES.size() - 1);
        ImpostorTail plain = rounded(TailFit.fit(all, all.length, rate));
        Cohort cohort = new Cohort(COHORT, quantiles(all, plain), plain);
        double[] adjusted = Arrays.stream(raw)
                .flatMapToDouble(probe -> Arrays.stream(cohort.adjust(probe, probe.length)))
                .toArray();
        ImpostorTail tail = rounded(TailFit.fit(adjusted, adjusted.length, rate));
        return Calibration.of(
                version, pack, new Calibration.Fitted(data, people.size(), all.length / 2), tail, cohort, RULE);
    }

    /** Of each sequence to all others. */
    private static double[][] similarities(List<FaceSequence> people) {
        List<Template> templates = people.stream()
                .map(person -> person.template(TemplateParameters.standard()))
                .toList();
        double[][] similarities = new double[templates.size()][templates.size() - 1];
        for (int i = 0; i < templates.size(); i++) {
            for (int j = 0; j < i; j++) {
                double similarity = Similarity.between(templates.get(i), templates.get(j));
                similarities[i][j] = similarity;
                similarities[j][i - 1] = similarity;
            }
        }
        return similarities;
    }

    private static List<Double> quantiles(double[] all, ImpostorTail tail) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return DoubleStream.concat(
                        Cohort.SHARES.stream()
                                .limit(Cohort.SHARES.size() - 1L)
                                .mapToDouble(share -> rounded(sorted[(int) Math.floor((1 - share) * sorted.length)])),
                        DoubleStream.of(tail.from()))
                .boxed()
                .toList();
    }

    private static ImpostorTail rounded(ImpostorTail tail) {
        return new ImpostorTail(
                rounded(tail.from()), rounded(tail.rate()), rounded(tail.scale()), rounded(tail.shape()));
    }

    /** More digits would only be noise in a file that people compare. */
    private static double rounded(double value) {
        return Math.round(value * 1e5) / 1e5;
    }
}
