package paseo.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import paseo.evaluation.report.Block;
import paseo.evaluation.report.Plot;
import paseo.evaluation.report.Plot.Axis;
import paseo.evaluation.report.Plot.Point;
import paseo.evaluation.report.Plot.Series;
import paseo.evaluation.report.Plot.Style;
import paseo.evaluation.report.ReportPage;
import paseo.evaluation.report.Unit;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Gate;
import paseo.evaluation.scoring.OpenSet;
import paseo.evaluation.scoring.Probe;
import paseo.evaluation.scoring.Scores;

/** The scores of a run on scenes as a page. */
final class EvaluationReport {
    private static final int DET_POINTS = 60;
    private static final int BINS = 48;

    /** What the scores mean, in the order of the page; those that are shares are shown in percent. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("coverage", "appearances with a usable face"),
            Map.entry("detection_recall", "faces found, of those that had to be"),
            Map.entry("detection_precision", "boxes in sequences that are a face"),
            Map.entry("hota", "following, detection and association together"),
            Map.entry("idf1", "following one appearance as one sequence"),
            Map.entry("mota", "1 less misses, false boxes and switches"),
            Map.entry("switches_per_minute", "sequences changed within an appearance"),
            Map.entry("fpir", "strangers taken for somebody"),
            Map.entry("impure_sequences", "usable sequences of which a tenth or more shows somebody else"),
            Map.entry("fnir", "sequences of people seen before who were not recognised"),
            Map.entry("fnir_new_id", "… because they became a new person"),
            Map.entry("fnir_someone_else", "… because they were taken for somebody else"),
            Map.entry("fnir_undecided", "… because it was left open"),
            Map.entry("fnir_returns", "… of those of them that begin an appearance: people who came back"),
            Map.entry("gfnir", "the same, unusable sequences counted as missed"),
            Map.entry("bcubed_f", "sequences sorted into persons"),
            Map.entry("pairwise_precision", "pairs of sequences put together that are one person"),
            Map.entry("fragmentation", "person numbers per person"),
            Map.entry("contamination", "person numbers that mix people"),
            Map.entry("count_error", "people counted against people who were recognisable"),
            Map.entry("same_frame_duplicates", "two faces of one frame with one number"),
            Map.entry("time_to_identify_p50_s", "from the first usable face to the right number, half"),
            Map.entry("time_to_identify_p95_s", "… and 95 of 100"),
            Map.entry("never_identified", "appearances with a usable face never given the right number"),
            Map.entry("revised_after_final", "final decisions whose person is another one by now"));

    private static final Map<String, Unit> UNITS = Map.of(
            "switches_per_minute", Unit.RATIO,
            "fragmentation", Unit.RATIO,
            "same_frame_duplicates", Unit.COUNT,
            "time_to_identify_p50_s", Unit.SECONDS,
            "time_to_identify_p95_s", Unit.SECONDS,
            "hota", Unit.SCORE,
            "idf1", Unit.SCORE,
            "mota", Unit.SCORE);

    private EvaluationReport() {}

    /** The page. */
    static String of(String title, String subtitle, Scores scores, SceneScores measured, List<Gate.Check> checks) {
        return new ReportPage(title, subtitle)
                .section("Scores", List.of(new Block.ScoreTable(rows(scores, checks))))
                .section("A sequence against a face", List.of(methods(scores), det(measured)))
                .section("Thresholds", List.of(histogram(measured), sizes(measured.sizes())))
                .html();
    }

    private static List<Block.ScoreRow> rows(Scores scores, List<Gate.Check> checks) {
        List<Block.ScoreRow> rows = new ArrayList<>();
        for (String key : scores.keys()) {
            String meaning = MEANINGS.get(key);
            if (meaning != null) {
                rows.add(new Block.ScoreRow(
                        key,
                        meaning,
                        scores.find(key).orElseThrow(),
                        UNITS.getOrDefault(key, Unit.SHARE),
                        checks.stream().filter(check -> check.key().equals(key)).toList()));
            }
        }
        return rows;
    }

    /** FNIR of every method, and ours divided by it. */
    static Block methods(Scores scores) {
        List<List<String>> rows = new ArrayList<>();
        for (String key : scores.keys()) {
            if (key.startsWith("fnir_at_fpir_1.")) {
                String method = key.substring(key.indexOf('.') + 1);
                rows.add(List.of(
                        method,
                        EvaluateCommand.text(scores.find(key).orElseThrow()),
                        scores.find("fnir_at_fpir_1_ours_to." + method)
                                .map(EvaluateCommand::text)
                                .orElse("")));
            }
        }
        return new Block.Table(List.of("method", "FNIR at FPIR 1 %", "ours divided by it"), rows);
    }

    private static Block det(SceneScores measured) {
        List<Series> series = new ArrayList<>();
        for (Map.Entry<String, OpenSet> method : measured.methods().entrySet()) {
            List<Point> points = method.getValue().det(DET_POINTS).stream()
                    .map(point -> Point.of(point.fpir(), point.fnir()))
                    .toList();
            series.add(new Series(method.getKey(), Style.LINE, points));
        }
        return new Block.Figure(
                "Detection error trade-off",
                new Plot(
                        Axis.logarithmic("FPIR: strangers taken for somebody", Unit.SHARE),
                        Axis.linear("FNIR: people seen before who are missed", Unit.SHARE),
                        series,
                        "FNIR against FPIR of every method on the same sequences; lower is better."),
                "Each sequence against those before it, in the order in which they ended; the gallery grows.");
    }

    private static Block histogram(SceneScores measured) {
        double[] same = measured.ownProbes().stream()
                .filter(Probe::mated)
                .mapToDouble(Probe::own)
                .toArray();
        double[] different = measured.ownProbes().stream()
                .mapToDouble(Probe::other)
                .filter(Double::isFinite)
                .toArray();
        return new Block.Figure(
                "Own person and nearest other person",
                new Plot(
                        Axis.linear("similarity", Unit.RATIO),
                        Axis.linear("share of the sequences", Unit.SHARE),
                        List.of(
                                Series.histogram("own person", same, -0.2, 1, BINS),
                                Series.histogram("nearest other", different, -0.2, 1, BINS)),
                        "Two histograms: similarities to the own person lie to the right of those to the nearest other."),
                String.format(
                        Locale.ROOT,
                        "%d sequences of people seen before, %d in all; adjusted by the cohort.",
                        same.length,
                        different.length));
    }

    /** What to look for in a gallery that grows. */
    static Block sizes(List<GalleryStudy.Size> sizes) {
        return new Block.Figure(
                "Strangers taken for somebody as the gallery grows",
                new Plot(
                        Axis.logarithmic("people in the gallery", Unit.COUNT),
                        Axis.logarithmic("FPIR", Unit.SHARE),
                        List.of(
                                points("threshold of the gallery's size", sizes, GalleryStudy.Size::fpir),
                                points("threshold of the smallest gallery", sizes, GalleryStudy.Size::fixedFpir),
                                new Series(
                                        "asked for",
                                        Style.DASHED,
                                        sizes.stream()
                                                .map(size -> Point.of(size.persons(), GalleryStudy.ASKED))
                                                .toList())),
                        "With the threshold of the gallery's size the rate stays where it was asked for; with a fixed"
                                + " threshold it grows with the gallery."),
                "Intervals are of 95 %.");
    }

    private static Series points(
            String name, List<GalleryStudy.Size> sizes, Function<GalleryStudy.Size, Estimate> rate) {
        return new Series(
                name,
                Style.POINTS,
                sizes.stream()
                        .filter(size -> rate.apply(size) instanceof Estimate.Known)
                        .map(size -> {
                            Estimate.Known known = (Estimate.Known) rate.apply(size);
                            return new Point(size.persons(), known.value(), known.low(), known.high());
                        })
                        .toList());
    }
}
