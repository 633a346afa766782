package paseo.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import paseo.evaluation.report.Block.Figure;
import paseo.evaluation.report.Block.ScoreRow;
import paseo.evaluation.report.Block.ScoreTable;
import paseo.evaluation.report.Block.Table;
import paseo.evaluation.report.Block.Text;
import paseo.evaluation.report.Block.Tile;
import paseo.evaluation.report.Block.Tiles;
import paseo.evaluation.report.Plot.Axis;
import paseo.evaluation.report.Plot.Point;
import paseo.evaluation.report.Plot.Series;
import paseo.evaluation.report.Plot.Style;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Gate;
import paseo.evaluation.scoring.OpenSet;
import paseo.evaluation.scoring.Probe;
import paseo.evaluation.scoring.Scores;

class ReportPageTest {
    static ReportPage example() {
        Estimate f = new Estimate.Known(0.973, 0.961, 0.982);
        Estimate fpir = Estimate.notEnough(120, 300, "non-mated probes");
        Scores scores = new Scores().put("bcubed_f", f).put("fpir", fpir);
        List<Gate.Check> checks =
                Gate.parse("bcubed_f<0.95 || bcubed_f<0.98 || fpir>0.02").check(scores);
        return new ReportPage("Evaluation", "preset street, seed 7 <retail>")
                .section(
                        "Summary",
                        List.of(
                                new Tiles(List.of(new Tile("40", "people"), new Tile("131", "sequences"))),
                                new ScoreTable(List.of(
                                        new ScoreRow(
                                                "BCubed F", "purity of groups", f, Unit.SCORE, checks.subList(0, 2)),
                                        new ScoreRow(
                                                "FPIR",
                                                "strangers taken for others",
                                                fpir,
                                                Unit.SHARE,
                                                checks.subList(2, 3)),
                                        new ScoreRow("duplicates", "", Estimate.exact(0), Unit.COUNT, List.of())))))
                .section(
                        "Open set",
                        List.of(new Text("Lower & further left is better."), det(), gallery(), similarities()))
                .section("Table", List.of(new Table(List.of("method", "FNIR"), List.of(List.of("ours", "2 %")))));
    }

    private static Figure det() {
        List<Series> series = new ArrayList<>();
        for (int method = 0; method < 5; method++) {
            List<Probe> probes = new ArrayList<>();
            Random random = new Random(method);
            for (int i = 0; i < 800; i++) {
                probes.add(Probe.mated("m" + i, 0.55 - 0.05 * method + 0.12 * random.nextGaussian(), -1));
                probes.add(Probe.nonMated("n" + i, 0.12 + 0.09 * random.nextGaussian()));
            }
            List<Point> points = OpenSet.of(probes).det(60).stream()
                    .map(point -> Point.of(point.fpir(), point.fnir()))
                    .toList();
            series.add(new Series("method " + method, Style.LINE, points));
        }
        Axis x = Axis.logarithmic("FPIR", Unit.SHARE);
        Axis y = Axis.logarithmic("FNIR", Unit.SHARE).between(1e-3, 1);
        return new Figure("DET", new Plot(x, y, series, "five falling curves"), "What to see.");
    }

    private static Figure gallery() {
        List<Point> asked = List.of(Point.of(100, 0.01), Point.of(1_300, 0.01));
        List<Point> measured = List.of(
                new Point(100, 0.008, 0.003, 0.016),
                new Point(1_000, 0.011, 0.006, 0.018),
                new Point(1_300, 0.012, 0.007, 0.019));
        List<Point> fixed = List.of(Point.of(100, 0.01), Point.of(1_000, 0.088), Point.of(1_300, 0.11));
        Plot plot = new Plot(
                Axis.logarithmic("people in the gallery", Unit.COUNT),
                Axis.linear("FPIR", Unit.SHARE),
                List.of(
                        new Series("t(N), measured", Style.POINTS, measured),
                        new Series("asked", Style.DASHED, asked),
                        new Series("fixed threshold", Style.POINTS, fixed)),
                "flat against rising");
        return new Figure("FPIR against gallery size", plot, "A fixed threshold blows up.");
    }

    private static Figure similarities() {
        Random random = new Random(1);
        double[] same = random.doubles(2_000)
                .map(v -> 0.6 + 0.1 * random.nextGaussian())
                .toArray();
        double[] different = random.doubles(2_000)
                .map(v -> 0.05 + 0.1 * random.nextGaussian())
                .toArray();
        Plot plot = new Plot(
                Axis.linear("similarity", Unit.RATIO),
                Axis.linear("share", Unit.SHARE),
                List.of(
                        Series.histogram("same person", same, -0.4, 1, 56),
                        Series.histogram("different people", different, -0.4, 1, 56)),
                "two hills");
        return new Figure("Similarities", plot, "The less they overlap the better.");
    }

    @Test
    void isWellFormedAndLoadsNothing() throws Exception {
        String html = example().html();
        String xml = html.replace("<!DOCTYPE html>", "").replaceAll("<meta ([^>]*)>", "<meta $1/>");
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        assertThat(html)
                .contains("default-src 'none'; style-src 'unsafe-inline'")
                .contains("seed 7 &lt;retail&gt;")
                .doesNotContain("<script", "http://", "https://", "href", "src=");
    }

    @Test
    void saysValuesIntervalsGatesAndWhatIsUnknown() {
        assertThat(example().html())
                .contains("<td class=\"value\">0.973</td><td>0.961 to 0.982</td>")
                .contains("✓ not bcubed_f&lt;0.95")
                .contains("✗ bcubed_f&lt;0.98")
                .contains("✗ fpir&gt;0.02?")
                .contains("<td class=\"unknown\" colspan=\"2\">not enough data: 120 non-mated probes, needs 300</td>")
                .contains("<td class=\"value\">0</td><td></td>");
    }

    @Test
    void isAFunctionOfItsInput() {
        assertThat(example().html()).isEqualTo(example().html());
    }

    @Test
    void pointsLieWhereTheAxesSay() throws Exception {
        Plot plot = new Plot(
                Axis.logarithmic("x", Unit.SHARE).between(0.001, 1),
                Axis.linear("y", Unit.SHARE).between(0, 1),
                List.of(new Series(
                        "s",
                        Style.POINTS,
                        List.of(Point.of(0.001, 0), Point.of(1, 1), Point.of(0.0316227766, 0.5), Point.of(0, 7)))),
                "points");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(SvgPlot.of(plot).getBytes(StandardCharsets.UTF_8)));
        NodeList circles = document.getElementsByTagName("circle");
        List<String> places = new ArrayList<>();
        for (int i = 0; i < circles.getLength(); i++) {
            Element circle = (Element) circles.item(i);
            places.add(circle.getAttribute("cx") + " " + circle.getAttribute("cy"));
        }
        assertThat(places).containsExactly("66.0 310.0", "610.0 14.0", "338.0 162.0", "66.0 14.0");
    }

    @Test
    void ticksAreRoundNumbers() {
        assertThat(AxisRange.of(Axis.linear("y", Unit.RATIO), new double[] {0.013, 0.94})
                        .ticks())
                .hasToString("[0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]");
        assertThat(AxisRange.of(Axis.logarithmic("x", Unit.COUNT), new double[] {120, 4_000, 0})
                        .ticks())
                .containsExactly(100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0);
        assertThat(AxisRange.of(Axis.logarithmic("x", Unit.SHARE), new double[] {0.0012, 1})
                        .ticks())
                .containsExactly(0.001, 0.01, 0.1, 1.0);
        assertThat(AxisRange.of(Axis.linear("y", Unit.RATIO), new double[0]).ticks())
                .hasSizeGreaterThan(2);
    }

    @Test
    void aHistogramHoldsEveryValueOnce() {
        Series series = Series.histogram("h", new double[] {-5, 0.1, 0.1, 0.9, 7}, 0, 1, 4);
        assertThat(series.points().stream().mapToDouble(Point::y)).containsExactly(0.6, 0.0, 0.0, 0.4, 0.0);
    }

    @Test
    void moreSeriesThanColoursAreRefused() {
        List<Series> series = Collections.nCopies(8, new Series("s", Style.LINE, List.of()));
        Axis axis = Axis.linear("x", Unit.COUNT);
        assertThatThrownBy(() -> new Plot(axis, axis, series, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersForReaders() {
        assertThat(Unit.SHARE.text(0.0042)).isEqualTo("0.42 %");
        assertThat(Unit.SHARE.text(0.995)).isEqualTo("99.5 %");
        assertThat(Unit.SHARE.text(1)).isEqualTo("100 %");
        assertThat(Unit.SHARE.tick(0.001)).isEqualTo("0.1 %");
        assertThat(Unit.COUNT.text(12_345)).isEqualTo("12,345");
        assertThat(Unit.SECONDS.text(1.5)).isEqualTo("1.50 s");
        assertThat(Unit.SCORE.text(Double.NaN)).isEqualTo("–");
    }
}
