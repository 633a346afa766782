package paseo.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import paseo.evaluation.report.Block.Figure;
import paseo.evaluation.report.Block.ScoreRow;
import paseo.evaluation.report.Block.ScoreTable;
import paseo.evaluation.report.Block.Table;
import paseo.evaluation.report.Block.Text;
import paseo.evaluation.report.Block.Tile;
import paseo.evaluation.report.Block.Tiles;
import paseo.evaluation.scoring.Estimate;
import paseo.evaluation.scoring.Gate;

/**
 * A report as one HTML page, style and plots inside. It loads nothing and runs nothing, which a Content-Security-Policy
 * in it makes sure of. A function of what it was given.
 */
public final class ReportPage {
    private final String title;
    private final String subtitle;
    private final List<Section> sections = new ArrayList<>();

    private record Section(String title, List<Block> blocks) {}

    /**
     * An empty page.
     *
     * @param subtitle what was measured on
     */
    public ReportPage(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** Adds a section at the end. */
    public ReportPage section(String heading, List<Block> blocks) {
        sections.add(new Section(heading, List.copyOf(blocks)));
        return this;
    }

    /** The page. */
    public String html() {
        Html page = new Html();
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.raw("<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.element("title", "Paseo: " + title).raw("\n<style>\n").raw(style());
        page.raw("</style>\n</head>\n<body>\n<main>\n<header>\n");
        page.element("p class=\"brand\"", "Paseo").raw("\n");
        page.element("h1", title).raw("\n").element("p class=\"sub\"", subtitle).raw("\n</header>\n");
        for (Section section : sections) {
            page.raw("<section>\n").element("h2", section.title()).raw("\n");
            section.blocks().forEach(block -> write(page, block));
            page.raw("</section>\n");
        }
        page.raw("</main>\n</body>\n</html>\n");
        return page.toString();
    }

    private static void write(Html page, Block block) {
        if (block instanceof Text text) {
            page.element("p", text.text()).raw("\n");
        } else if (block instanceof Tiles tiles) {
            page.raw("<div class=\"tiles\">");
            for (Tile tile : tiles.tiles()) {
                page.raw("<div>")
                        .element("b", tile.number())
                        .element("span", tile.label())
                        .raw("</div>");
            }
            page.raw("</div>\n");
        } else if (block instanceof Table table) {
            write(page, table);
        } else if (block instanceof ScoreTable scores) {
            write(page, scores);
        } else if (block instanceof Figure figure) {
            write(page, figure);
        }
    }

    private static void write(Html page, Table table) {
        openTable(page, table.header());
        for (List<String> row : table.rows()) {
            page.raw("<tr>").element("th scope=\"row\"", row.get(0));
            row.subList(1, row.size()).forEach(cell -> page.element("td", cell));
            page.raw("</tr>\n");
        }
        page.raw("</tbody></table></div>\n");
    }

    private static void openTable(Html page, List<String> header) {
        page.raw("<div class=\"card\"><table><thead><tr>");
        header.forEach(cell -> page.element("th scope=\"col\"", cell));
        page.raw("</tr></thead><tbody>\n");
    }

    private static void write(Html page, ScoreTable scores) {
        openTable(page, List.of("score", "value", "95 % interval", "gate"));
        for (ScoreRow row : scores.rows()) {
            page.raw("<tr><th scope=\"row\">").element("b", row.label());
            page.element("span", row.meaning()).raw("</th>");
            if (row.estimate() instanceof Estimate.Known known) {
                page.element("td class=\"value\"", row.unit().text(known.value()));
                page.element("td", interval(known, row.unit()));
            } else if (row.estimate() instanceof Estimate.Unknown unknown) {
                page.element("td class=\"unknown\" colspan=\"2\"", unknown.why());
            }
            page.raw("<td>");
            for (Gate.Check check : row.checks()) {
                page.element("span class=\"gate " + gateStyle(check) + "\"", gateText(check));
            }
            page.raw("</td></tr>\n");
        }
        page.raw("</tbody></table></div>\n");
    }

    private static String interval(Estimate.Known known, Unit unit) {
        return known.low() == known.high() ? "" : unit.text(known.low()) + " to " + unit.text(known.high());
    }

    private static String gateStyle(Gate.Check check) {
        return check.verdict() == Gate.Verdict.PASSED ? "passed" : "failed";
    }

    private static String gateText(Gate.Check check) {
        return switch (check.verdict()) {
            case PASSED -> "✓ not " + check.condition();
            case FAILED -> "✗ " + check.condition();
            case UNKNOWN -> "✗ " + check.condition() + "?";
        };
    }

    private static void write(Html page, Figure figure) {
        page.raw("<figure>\n").element("figcaption", figure.title()).raw("\n");
        page.raw(SvgPlot.of(figure.plot())).raw("<ul class=\"legend\">");
        List<Plot.Series> series = figure.plot().series();
        for (int i = 0; i < series.size(); i++) {
            boolean dashed = series.get(i).style() == Plot.Style.DASHED;
            page.raw("<li class=\"c" + i + (dashed ? " dashed" : "") + "\"><i></i>");
            page.element("span", series.get(i).name()).raw("</li>");
        }
        page.raw("</ul>\n").element("p", figure.caption()).raw("\n</figure>\n");
    }

    private static String style() {
        try (InputStream style = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(style).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
