package paseo.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import paseo.evaluation.methods.AnyFace;
import paseo.evaluation.methods.ArticleSilhouette;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.Method;
import paseo.evaluation.methods.Searches;
import paseo.evaluation.methods.TemplateMethod;
import paseo.evaluation.methods.VectorMethod;
import paseo.evaluation.scoring.Bootstrap;
import paseo.evaluation.scoring.Bootstrap.Outcome;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Grouping;
import paseo.evaluation.scoring.Identification;
import paseo.evaluation.scoring.OpenSet;
import paseo.evaluation.scoring.Probe;
import paseo.evaluation.scoring.SameFrame;
import paseo.evaluation.scoring.Scores;
import paseo.evaluation.scoring.SequenceVerdict;
import paseo.evaluation.scoring.TimeToIdentify;
import paseo.evaluation.scoring.TrackingCounts;
import paseo.evaluation.scoring.TrackingScore;
import paseo.events.Box;
import paseo.matching.Calibration;

/** All scores of one run on scenes. Persons are resampled. */
final class SceneScores {
    /** The FPIR at which methods are compared and which the matcher is asked for. */
    static final double ASKED = 0.01;

    private static final double SLOWEST = 0.95;

    private static final List<Integer> SIZES = List.of(10, 30, 100);

    private final SceneOutcome outcome;
    private final double minutes;
    private final Map<String, OpenSet> methods = new LinkedHashMap<>();
    private final Map<String, List<Probe>> probes = new LinkedHashMap<>();
    private final Bootstrap people;
    private final TrackingCounts tracking;
    private final List<SequenceVerdict> verdicts;
    private final Grouping grouping;
    private final GalleryStudy galleries;

    /**
     * Scores of a run.
     *
     * @param minutes of video
     * @param calibration whose cohort is used
     */
    SceneScores(SceneOutcome outcome, double minutes, Calibration calibration, long seed) {
        this.outcome = outcome;
        this.minutes = minutes;
        this.verdicts = outcome.verdicts();
        this.grouping = Grouping.bySequence(verdicts);
        Set<String> units = new TreeSet<>();
        this.tracking = outcome.trackingByPerson();
        units.addAll(tracking.units());
        outcome.appearances().forEach(appearance -> units.add(SceneOutcome.person(appearance)));
        verdicts.forEach(verdict -> units.add(verdict.unit()));
        List<FaceSequence> sequences = outcome.sequences();
        sequences.forEach(sequence -> units.add(sequence.person()));
        this.people = Bootstrap.byPerson(units, seed);
        this.galleries = new GalleryStudy(seen(sequences), calibration, seed);
        for (Method<?> method : List.of(
                TemplateMethod.ours(calibration.cohort()),
                VectorMethod.FIRST_FACE,
                VectorMethod.BEST_FACE,
                VectorMethod.MEAN,
                new AnyFace(),
                new ArticleSilhouette())) {
            List<Probe> found = Searches.inOrder(sequences, method);
            probes.put(method.key(), found);
            methods.put(method.key(), OpenSet.of(found));
        }
    }

    /** The keys that every run has, whatever it shows. */
    static Set<String> keys(Calibration calibration) {
        SceneOutcome nothing = new SceneOutcome(List.of(), new ProductRun(List.of(), List.of()), new Box(0, 0, 1, 1));
        Scores scores = new Scores();
        new SceneScores(nothing, 1, calibration, 0).put(scores);
        return scores.keys();
    }

    /** The first sequence of everybody as a gallery, the others as those who come back. */
    private static SoloWalks.Seen seen(List<FaceSequence> sequences) {
        Set<String> known = new HashSet<>();
        List<FaceSequence> first = new ArrayList<>();
        List<FaceSequence> later = new ArrayList<>();
        for (FaceSequence sequence : sequences) {
            (known.add(sequence.person()) ? first : later).add(sequence);
        }
        return new SoloWalks.Seen(first, later, sequences.size());
    }

    /** Whether calibrated thresholds hold in galleries of the people of this run. */
    List<GalleryStudy.Size> sizes() {
        return galleries.sizes(SIZES);
    }

    /** Adds everything, under the keys of the reports. */
    void put(Scores scores) {
        scores.put("coverage", coverage());
        putTracking(scores);
        putIdentification(scores);
        putGrouping(scores);
        scores.put("same_frame_duplicates", Estimate.exact((double) SameFrame.duplicates(outcome.shown())));
        TimeToIdentify times = TimeToIdentify.of(outcome.identifications(owners()));
        scores.put("time_to_identify_p50_s", times.quantile(0.5, people));
        scores.put("time_to_identify_p95_s", times.quantile(SLOWEST, people));
        scores.put("never_identified", times.never(people));
        scores.put("revised_after_final", people.rate(outcome.revisions(), "final decisions", 0));
    }

    private Estimate coverage() {
        Set<String> covered = outcome.covered();
        return people.rate(
                outcome.appearances().stream()
                        .map(appearance -> new Outcome(SceneOutcome.person(appearance), covered.contains(appearance)))
                        .toList(),
                "appearances",
                0);
    }

    private void putTracking(Scores scores) {
        scores.put("detection_recall", followed(TrackingScore::recall));
        scores.put("detection_precision", followed(TrackingScore::precision));
        scores.put("hota", followed(TrackingScore::hota));
        scores.put("idf1", followed(TrackingScore::idf1));
        scores.put("mota", followed(TrackingScore::mota));
        Estimate switches = tracking.estimate(people, score -> score.switches() / minutes);
        scores.put("switches_per_minute", Bootstrap.reaching(switches, 0, 3 / minutes));
        scores.put(
                "impure_sequences",
                people.rate(
                        verdicts.stream()
                                .filter(SequenceVerdict::usable)
                                .map(verdict -> new Outcome(verdict.unit(), verdict.impure()))
                                .toList(),
                        "usable sequences",
                        0));
    }

    private Estimate followed(ToDoubleFunction<TrackingScore> score) {
        long shown = outcome.appearances().stream()
                .map(SceneOutcome::person)
                .distinct()
                .count();
        return Bootstrap.reaching(tracking.estimate(people, score), 1, 1 - Math.min(1, 3.0 / shown));
    }

    private void putIdentification(Scores scores) {
        Identification identification = Identification.of(outcome.decisions());
        scores.put("fpir", identification.fpir(people, ASKED));
        scores.put("fnir", identification.fnir(people));
        scores.put("fnir_new_id", identification.fnir(people, Identification.Result.SPLIT));
        scores.put("fnir_someone_else", identification.fnir(people, Identification.Result.WRONG));
        scores.put("fnir_undecided", identification.fnir(people, Identification.Result.MISSED));
        scores.put("fnir_returns", identification.fnir(people, outcome.beginnings()));
        scores.put("gfnir", identification.gfnir(people));
        Map<String, Estimate> rates = new LinkedHashMap<>();
        Map<String, Estimate> ratios = new LinkedHashMap<>();
        OpenSet ours = Objects.requireNonNull(methods.get("ours"));
        methods.forEach((key, searched) -> {
            rates.put(key, searched.fnirAtFpir(ASKED, people));
            if (searched != ours) {
                ratios.put(key, ratio(ours, searched));
            }
        });
        scores.put("fnir_at_fpir_1", rates);
        scores.put("fnir_at_fpir_1_ours_to", ratios);
    }

    private Estimate ratio(OpenSet ours, OpenSet other) {
        if (!(ours.fnirAtFpir(ASKED, people) instanceof Estimate.Known)
                || !(other.fnirAtFpir(ASKED, people) instanceof Estimate.Known theirs)) {
            return ours.fnirAtFpir(ASKED, people);
        }
        Estimate ratio = people.ratio(ours.fnirAtFpir(ASKED), other.fnirAtFpir(ASKED));
        return Bootstrap.reaching(ratio, 0, 3.0 / ours.mated() / theirs.value());
    }

    private void putGrouping(Scores scores) {
        Grouping.PrecisionRecall bcubed = grouping.bcubed(people);
        Grouping.PrecisionRecall pairwise = grouping.pairwise(people);
        scores.put("bcubed_precision", bcubed.precision());
        scores.put("bcubed_recall", bcubed.recall());
        scores.put("bcubed_f", bcubed.f());
        scores.put("pairwise_precision", pairwise.precision());
        scores.put("pairwise_recall", pairwise.recall());
        scores.put("fragmentation", grouping.fragmentation(people));
        scores.put("contamination", grouping.contamination(people, 0));
        scores.put("count_error", grouping.countError(people, recognisable()));
    }

    /** Everybody of whom a face could be used; the others are what coverage is about. */
    private Set<String> recognisable() {
        Set<String> persons = new TreeSet<>();
        outcome.covered().forEach(appearance -> persons.add(SceneOutcome.person(appearance)));
        return persons;
    }

    /** Whose each person number is: whom most of its faces show. */
    private Map<String, String> owners() {
        Map<String, Map<String, Integer>> faces = new TreeMap<>();
        for (SequenceVerdict verdict : verdicts) {
            if (verdict.decided() != null) {
                faces.computeIfAbsent(verdict.decided(), number -> new TreeMap<>())
                        .merge(verdict.unit(), verdict.faces(), Integer::sum);
            }
        }
        Map<String, String> owners = new TreeMap<>();
        faces.forEach((number, shares) -> owners.put(
                number,
                shares.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey()));
        return owners;
    }

    /** Searches of each method, for curves. */
    Map<String, OpenSet> methods() {
        return methods;
    }

    /** Similarities of our method to the own person, and to the nearest other one. */
    List<Probe> ownProbes() {
        return new ArrayList<>(Objects.requireNonNull(probes.get("ours")));
    }
}
