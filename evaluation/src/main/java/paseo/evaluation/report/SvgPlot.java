package paseo.evaluation.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import paseo.evaluation.report.Plot.Point;
import paseo.evaluation.report.Plot.Series;
import paseo.evaluation.report.Plot.Style;

/** Draws a plot as SVG; colours, strokes and fonts are those of the page's style sheet. */
final class SvgPlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 66;
    private static final int RIGHT = 30;
    private static final int TOP = 14;
    private static final int BOTTOM = 50;
    private static final double RADIUS = 3.2;

    private final Plot plot;
    private final AxisRange x;
    private final AxisRange y;
    private final Html svg = new Html();

    private SvgPlot(Plot plot) {
        this.plot = plot;
        List<Point> points = plot.series().stream()
                .flatMap(series -> series.points().stream())
                .toList();
        this.x = AxisRange.of(plot.x(), points.stream().mapToDouble(Point::x).toArray());
        this.y = AxisRange.of(
                plot.y(),
                points.stream()
                        .flatMapToDouble(point -> DoubleStream.of(point.y(), point.low(), point.high()))
                        .toArray());
    }

    static String of(Plot plot) {
        SvgPlot drawing = new SvgPlot(plot);
        drawing.draw();
        return drawing.svg.toString();
    }

    private void draw() {
        svg.raw("<svg class=\"plot\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\""
                + Html.escape(plot.description()) + "\">\n");
        drawAxes();
        for (int i = 0; i < plot.series().size(); i++) {
            drawSeries(plot.series().get(i), i);
        }
        svg.raw("</svg>\n");
    }

    private void drawAxes() {
        for (double tick : x.ticks()) {
            line("grid", px(tick), TOP, px(tick), HEIGHT - BOTTOM);
            text(
                    "tick",
                    px(tick),
                    HEIGHT - BOTTOM + 17,
                    "middle",
                    plot.x().unit().tick(tick));
        }
        for (double tick : y.ticks()) {
            line("grid", LEFT, py(tick), WIDTH - RIGHT, py(tick));
            text("tick", LEFT - 8, py(tick) + 4, "end", plot.y().unit().tick(tick));
        }
        line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
        double middle = (LEFT + WIDTH - RIGHT) / 2.0;
        text("label", middle, HEIGHT - 10, "middle", plot.x().label());
        double height = (TOP + HEIGHT - BOTTOM) / 2.0;
        svg.raw("<g transform=\"translate(14 " + number(height) + ") rotate(-90)\">");
        text("label", 0, 0, "middle", plot.y().label());
        svg.raw("</g>\n");
    }

    private void drawSeries(Series series, int number) {
        svg.raw("<g class=\"series c" + number + " " + series.style().name().toLowerCase(Locale.ROOT) + "\">");
        svg.element("title", series.name());
        List<Point> points = series.points().stream()
                .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                .toList();
        if (series.style() == Style.AREA) {
            drawSteps(points);
        } else if (!points.isEmpty()) {
            StringBuilder path = new StringBuilder();
            for (Point point : points) {
                path.append(path.isEmpty() ? 'M' : 'L').append(at(point.x(), point.y()));
            }
            svg.raw("<path d=\"" + path + "\"/>");
        }
        if (series.style() == Style.POINTS) {
            points.forEach(this::drawPoint);
        }
        svg.raw("</g>\n");
    }

    private void drawSteps(List<Point> points) {
        if (points.isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder("M").append(at(points.get(0).x(), 0));
        double height = 0;
        for (Point point : points) {
            path.append('L').append(at(point.x(), height)).append('L').append(at(point.x(), point.y()));
            height = point.y();
        }
        path.append('L').append(at(points.get(points.size() - 1).x(), 0)).append('Z');
        svg.raw("<path d=\"" + path + "\"/>");
    }

    private void drawPoint(Point point) {
        if (Double.isFinite(point.low()) && Double.isFinite(point.high())) {
            line("interval", px(point.x()), py(point.low()), px(point.x()), py(point.high()));
        }
        String seen = plot.x().unit().text(point.x()) + ": " + plot.y().unit().text(point.y());
        svg.raw("<circle cx=\"" + number(px(point.x())) + "\" cy=\"" + number(py(point.y())) + "\" r=\"" + RADIUS
                + "\">");
        svg.element("title", seen).raw("</circle>");
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        svg.raw("<line class=\"" + style + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2)
                + "\" y2=\"" + number(y2) + "\"/>");
    }

    private void text(String style, double left, double top, String anchor, String text) {
        svg.element(
                "text class=\"" + style + "\" x=\"" + number(left) + "\" y=\"" + number(top) + "\" text-anchor=\""
                        + anchor + "\"",
                text);
    }

    private String at(double valueX, double valueY) {
        return number(px(valueX)) + " " + number(py(valueY));
    }

    private double px(double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double py(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
