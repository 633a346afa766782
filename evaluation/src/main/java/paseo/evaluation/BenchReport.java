package paseo.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.report.BenchNumbers.Entry;
import paseo.evaluation.report.Block;
import paseo.evaluation.report.Plot;
import paseo.evaluation.report.Plot.Axis;
import paseo.evaluation.report.Plot.Point;
import paseo.evaluation.report.Plot.Series;
import paseo.evaluation.report.Plot.Style;
import paseo.evaluation.report.ReportPage;
import paseo.evaluation.report.Unit;

/** The numbers of a benchmark as a page. */
final class BenchReport {
    private static final Pattern SIZE = Pattern.compile("(\\d+)([km])");
    private static final String CAMERAS = "streams.detections_per_core_s_by_cameras.";

    private final BenchNumbers numbers;

    private BenchReport(BenchNumbers numbers) {
        this.numbers = numbers;
    }

    /** The page. */
    static String of(BenchNumbers numbers, List<QuickReference.Check> checks) {
        return new BenchReport(numbers).page(checks);
    }

    private String page(List<QuickReference.Check> checks) {
        ReportPage page = new ReportPage("Paseo's cost", fact("machine") + ", load " + fact("load_at_start"));
        List<Block> failures = failures();
        if (!failures.isEmpty()) {
            page.section("Not measured", failures);
        }
        page.section("What is asked", List.of(table(true)));
        if (!checks.isEmpty()) {
            page.section("Compared with what is kept", List.of(checks(checks)));
        }
        List<Block> figures = figures();
        if (!figures.isEmpty()) {
            page.section("How it grows", figures);
        }
        page.section("All numbers", List.of(table(false)));
        page.section("Measured on", List.of(facts()));
        return page.html();
    }

    private String fact(String path) {
        return numbers.facts().stream()
                .filter(fact -> fact.getKey().equals(path))
                .map(fact -> fact.getValue())
                .findFirst()
                .orElse("unknown");
    }

    private List<Block> failures() {
        return numbers.facts().stream()
                .filter(fact -> fact.getKey().startsWith("failed."))
                .<Block>map(
                        fact -> new Block.Text(fact.getKey().substring("failed.".length()) + ": " + fact.getValue()))
                .toList();
    }

    private static Optional<BenchKeys.Key> asked(Entry entry) {
        return BenchKeys.of(entry.path()).filter(key -> !key.goal().isEmpty());
    }

    private Block table(boolean asked) {
        List<List<String>> rows = new ArrayList<>();
        for (Entry entry : numbers.entries()) {
            String meaning =
                    BenchKeys.of(entry.path()).map(BenchKeys.Key::meaning).orElse("");
            if (!asked) {
                rows.add(List.of(entry.path(), text(entry.value()), range(entry)));
            } else if (asked(entry).isPresent()) {
                rows.add(List.of(
                        meaning + " (" + entry.path() + ")",
                        text(entry.value()),
                        range(entry),
                        asked(entry).get().goal()));
            }
        }
        return new Block.Table(
                asked ? List.of("what", "value", "rounds", "asked") : List.of("number", "value", "rounds"), rows);
    }

    private static Block checks(List<QuickReference.Check> checks) {
        return new Block.Table(
                List.of("ratio", "now", "kept", "worse by", "allowed", ""),
                checks.stream()
                        .map(check -> List.of(
                                check.gated().key(),
                                text(check.now()),
                                text(check.kept()),
                                Unit.SHARE.text(check.change()),
                                Unit.SHARE.text(check.gated().worse()),
                                check.passed() ? "✓" : "✗ regression"))
                        .toList());
    }

    private List<Block> figures() {
        List<Block> figures = new ArrayList<>();
        List<Series> searches = List.of(
                bySize("a search", "matcher.query_cpu_ms_"),
                bySize("a decision's search", "matcher.decision_cpu_ms_"),
                bySize("comparing with everything", "matcher.exact_cpu_ms_"));
        if (searches.get(0).points().size() > 1) {
            figures.add(new Block.Figure(
                    "CPU of a search",
                    new Plot(
                            Axis.logarithmic("templates in the gallery", Unit.COUNT),
                            Axis.logarithmic("ms", Unit.RATIO),
                            searches,
                            "CPU of three ways to search, by size of the gallery: comparing with everything grows as the"
                                    + " gallery does, the others less."),
                    "Client and PostgreSQL together. Intervals are the ranges of five rounds."));
        }
        List<Point> cameras = numbers.entries().stream()
                .filter(entry -> entry.path().startsWith(CAMERAS))
                .map(entry -> point(Double.parseDouble(entry.path().substring(CAMERAS.length())), entry))
                .toList();
        if (cameras.size() > 1) {
            figures.add(new Block.Figure(
                    "Detections the tracker takes per second of CPU",
                    new Plot(
                            Axis.logarithmic("cameras", Unit.COUNT),
                            Axis.linear("records", Unit.COUNT),
                            List.of(new Series("records", Style.POINTS, cameras)),
                            "Records per second of CPU by number of cameras."),
                    "Two people in each record, exactly once."));
        }
        return figures;
    }

    private Series bySize(String name, String prefix) {
        List<Point> points = new ArrayList<>();
        for (Entry entry : numbers.entries()) {
            Matcher size = SIZE.matcher(entry.path()
                    .substring(
                            entry.path().startsWith(prefix)
                                    ? prefix.length()
                                    : entry.path().length()));
            if (size.matches()) {
                double templates = Double.parseDouble(size.group(1)) * ("m".equals(size.group(2)) ? 1e6 : 1e3);
                points.add(point(templates, entry));
            }
        }
        points.sort(Comparator.comparingDouble(Point::x));
        return new Series(name, Style.POINTS, points);
    }

    private static Point point(double x, Entry entry) {
        return new Point(x, entry.value(), entry.low(), entry.high());
    }

    private Block facts() {
        return new Block.Table(
                List.of("what", ""),
                numbers.facts().stream()
                        .filter(fact -> !fact.getKey().startsWith("meaning."))
                        .map(fact -> List.of(fact.getKey(), fact.getValue()))
                        .toList());
    }

    private static String range(Entry entry) {
        return Double.isNaN(entry.low()) || entry.low() == entry.high()
                ? ""
                : text(entry.low()) + " to " + text(entry.high());
    }

    /** Four digits that count, and no more decimals than that takes. */
    private static String text(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size == Math.rint(size) && size < 1_000) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        int decimals = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
