package paseo.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import paseo.evaluation.methods.AnyFace;
import paseo.evaluation.methods.ArticleSilhouette;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.Method;
import paseo.evaluation.methods.Searches;
import paseo.evaluation.methods.TemplateMethod;
import paseo.evaluation.methods.VectorMethod;
import paseo.evaluation.scoring.Bootstrap;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.OpenSet;
import paseo.evaluation.scoring.Probe;
import paseo.matching.Calibration;
import paseo.tracking.TemplateParameters;

/** Identification in galleries of many sizes, by several methods on the same embeddings. */
final class GalleryStudy {
    /** FPIR that is asked for. */
    static final double ASKED = 0.01;

    /** Small galleries are drawn several times, so that enough of the people in them come back. */
    private static final int PROBES_PER_SIZE = 5_000;

    private final SoloWalks.Seen seen;
    private final Calibration calibration;
    private final long seed;
    private final Bootstrap bootstrap;

    GalleryStudy(SoloWalks.Seen seen, Calibration calibration, long seed) {
        this.seen = seen;
        this.calibration = calibration;
        this.seed = seed;
        this.bootstrap = Bootstrap.byPerson(
                seen.first().stream().map(FaceSequence::person).toList(), seed);
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    /**
     * One size of gallery.
     *
     * @param persons in it
     * @param threshold that the calibration gives for it
     * @param fpir measured there
     * @param fnir measured there
     * @param fixedFpir measured at the threshold of the smallest gallery
     */
    record Size(int persons, double threshold, Estimate fpir, Estimate fnir, Estimate fixedFpir) {}

    /** What is asked of a calibrated threshold: that as many strangers pass as were asked for, in any gallery. */
    List<Size> sizes(List<Integer> asked) {
        Method<?> ours = TemplateMethod.ours(calibration.cohort());
        int all = seen.first().size() - 1;
        if (all < 1) {
            return List.of();
        }
        List<Integer> possible = Stream.concat(asked.stream().filter(size -> size < all), Stream.of(all))
                .toList();
        double fixed = calibration.threshold(possible.get(0), ASKED);
        List<Size> sizes = new ArrayList<>();
        for (int persons : possible) {
            OpenSet searches = persons == all ? everybody(ours) : some(persons, ours);
            double threshold = calibration.threshold(persons, ASKED);
            sizes.add(new Size(
                    persons,
                    threshold,
                    searches.fpirAt(threshold, bootstrap, ASKED),
                    searches.fnirAt(threshold, bootstrap),
                    searches.fpirAt(fixed, bootstrap, ASKED)));
        }
        return sizes;
    }

    /** Everybody against everybody else, and those who came back against everybody. */
    OpenSet everybody(Method<?> method) {
        return OpenSet.of(both(seen.first(), seen.first(), seen.later(), method));
    }

    private OpenSet some(int persons, Method<?> method) {
        List<FaceSequence> people = new ArrayList<>(seen.first());
        Random random = new Random(seed + persons);
        List<Probe> probes = new ArrayList<>();
        while (probes.size() < PROBES_PER_SIZE) {
            Collections.shuffle(people, random);
            List<FaceSequence> gallery = people.subList(0, persons);
            Set<String> stored = gallery.stream().map(FaceSequence::person).collect(Collectors.toSet());
            List<FaceSequence> back = seen.later().stream()
                    .filter(sequence -> stored.contains(sequence.person()))
                    .toList();
            probes.addAll(both(gallery, people.subList(persons, people.size()), back, method));
        }
        return OpenSet.of(probes);
    }

    private static List<Probe> both(
            List<FaceSequence> gallery, List<FaceSequence> strangers, List<FaceSequence> back, Method<?> method) {
        List<Probe> probes = new ArrayList<>(Searches.against(gallery, strangers, true, method));
        probes.addAll(Searches.against(gallery, back, false, method));
        return probes;
    }

    /** The simpler ways and ours, in the gallery of everybody. */
    Map<String, OpenSet> baselines() {
        return searched(List.of(
                new AnyFace(),
                VectorMethod.FIRST_FACE,
                VectorMethod.BEST_FACE,
                VectorMethod.MEAN,
                new ArticleSilhouette(),
                TemplateMethod.ours(calibration.cohort())));
    }

    /** Ours without each of its parts. */
    Map<String, OpenSet> ablations() {
        TemplateParameters standard = TemplateParameters.standard();
        return searched(List.of(
                TemplateMethod.ours(calibration.cohort()),
                new TemplateMethod("without_cohort", standard, Optional.empty()),
                with("without_weights", standard.withWeightExponent(0)),
                with("weights_quality_1", standard.withWeightExponent(1)),
                with("weights_quality_3", standard.withWeightExponent(3)),
                with("without_trimming", standard.withOutlierLimit(Double.POSITIVE_INFINITY)),
                with("without_prototypes", standard.withMost(standard.mostFaces(), 0)),
                with("one_prototype", standard.withMost(standard.mostFaces(), 1)),
                new TemplateMethod(
                        "plain_mean",
                        standard.withWeightExponent(0)
                                .withOutlierLimit(Double.POSITIVE_INFINITY)
                                .withMost(standard.mostFaces(), 0),
                        Optional.empty())));
    }

    private Method<?> with(String key, TemplateParameters parameters) {
        return new TemplateMethod(key, parameters, Optional.of(calibration.cohort()));
    }

    private Map<String, OpenSet> searched(List<Method<?>> methods) {
        Map<String, OpenSet> results = new LinkedHashMap<>();
        for (Method<?> method : methods) {
            results.put(method.key(), everybody(method));
        }
        return results;
    }

    /** FNIR at the FPIR that is asked for, of each method. */
    Map<String, Estimate> fnir(Map<String, OpenSet> searches) {
        Map<String, Estimate> rates = new LinkedHashMap<>();
        searches.forEach((key, searched) -> rates.put(key, searched.fnirAtFpir(ASKED, bootstrap)));
        return rates;
    }

    /** FNIR of ours divided by each other's, on the same draws. */
    Map<String, Estimate> ratios(Map<String, OpenSet> searches) {
        OpenSet ours = searches.get("ours");
        Map<String, Estimate> ratios = new LinkedHashMap<>();
        Set<String> others = new HashSet<>(searches.keySet());
        others.remove("ours");
        searches.forEach((key, searched) -> {
            if (ours != null && others.contains(key)) {
                ratios.put(key, bootstrap.ratio(ours.fnirAtFpir(ASKED), searched.fnirAtFpir(ASKED)));
            }
        });
        return ratios;
    }
}
