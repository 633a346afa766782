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

    /**
     * Share of the adjusted similarities that make the tail. The rates that decisions ask for are a hundredth of it and
     * less, and what the upper hundredth looks like says too little about them: see RATIONALE.md.
     */
    private static final double TAIL = 0.003;

    /** Share of the sequences whose faces agree least, which is what the field is compared with. */
    private static final double LEAST_ALIKE = 0.05;

    private CalibrationFit() {}

    /**
     * Fits.
     *
     * @param version what the calibration is called
     * @param pack of the embeddings, {@code name@version}
     * @param data what the sequences are made of, in words
     * @param rounds galleries: in each one sequence of each person, at least {@value #FEWEST_PEOPLE}. More of them show
     *     the same people on other ways past other cameras
     */
    static Calibration fit(String version, String pack, String data, List<List<FaceSequence>> rounds) {
        int people = rounds.stream().mapToInt(List::size).min().orElse(0);
        if (people < FEWEST_PEOPLE) {
            throw new IllegalArgumentException("a calibration needs " + FEWEST_PEOPLE
                    + " people with a usable sequence," + " and there are " + people);
        }
        List<double[][]> raw = rounds.stream().map(CalibrationFit::similarities).toList();
        double[] all = raw.stream()
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double rate = Cohort.SHARES.get(Cohort.SHARES.size() - 1);
        ImpostorTail plain = rounded(TailFit.fit(all, all.length, rate));
        Cohort cohort = new Cohort(COHORT, quantiles(all, plain), plain);
        double[] adjusted = raw.stream()
                .flatMap(Arrays::stream)
                .flatMapToDouble(probe -> Arrays.stream(cohort.adjust(probe, probe.length)))
                .toArray();
        double share = Math.max(TAIL, (TailFit.FEWEST + 1.0) / adjusted.length);
        ImpostorTail tail = rounded(TailFit.fit(adjusted, adjusted.length, share));
        return Calibration.of(
                version,
                pack,
                new Calibration.Fitted(data, people, all.length / 2),
                tail,
                cohort,
                within(rounds),
                RULE);
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

    /** How alike the faces of the sequences are that agree least. */
    private static Calibration.Within within(List<List<FaceSequence>> rounds) {
        double[] sorted = rounds.stream()
                .flatMap(List::stream)
                .flatMapToDouble(person -> Similarity.within(person.template(TemplateParameters.standard())).stream())
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("a calibration needs sequences of several usable faces");
        }
        return new Calibration.Within(rounded(sorted[(int) (LEAST_ALIKE * sorted.length)]), LEAST_ALIKE);
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
