package paseo.evaluation.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Series over two axes.
 *
 * @param description what there is to see, in words, for who can't see it
 */
public record Plot(Axis x, Axis y, List<Series> series, String description) {
    public Plot {
        series = List.copyOf(series);
        if (series.size() > MOST_SERIES) {
            throw new IllegalArgumentException(
                    series.size() + " series in one plot: more than " + MOST_SERIES + " can't be told apart");
        }
    }

    /** As many as there are colours. */
    public static final int MOST_SERIES = 7;

    /** How an axis spreads its values. */
    public enum Scale {
        LINEAR,
        /** Decades; what is 0 or less is drawn at the lower end. */
        LOGARITHMIC
    }

    /**
     * An axis; where an end is NaN it's chosen to hold all values.
     *
     * @param low end
     * @param high end
     */
    public record Axis(String label, Scale scale, Unit unit, double low, double high) {
        /** Evenly spaced. */
        public static Axis linear(String label, Unit unit) {
            return new Axis(label, Scale.LINEAR, unit, Double.NaN, Double.NaN);
        }

        /** In decades. */
        public static Axis logarithmic(String label, Unit unit) {
            return new Axis(label, Scale.LOGARITHMIC, unit, Double.NaN, Double.NaN);
        }

        /** With these ends. */
        public Axis between(double from, double to) {
            return new Axis(label, scale, unit, from, to);
        }
    }

    /** How a series is drawn. */
    public enum Style {
        LINE,
        /** For what is asked, expected or given to compare with. */
        DASHED,
        /** Points with their intervals, joined by a thin line. */
        POINTS,
        /** Filled steps down to 0: a histogram, its points at the left edges of its bins. */
        AREA
    }

    /**
     * A point with its interval; without one both ends are NaN.
     *
     * @param low end of the interval of y
     * @param high end
     */
    public record Point(double x, double y, double low, double high) {
        public static Point of(double x, double y) {
            return new Point(x, y, Double.NaN, Double.NaN);
        }
    }

    /**
     * Points in the order of x.
     *
     * @param name in the legend
     */
    public record Series(String name, Style style, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }

        /**
         * How values are spread: the share of them in each bin; what lies outside is counted in the first or last.
         *
         * @param low left end of the first bin
         * @param high right end of the last
         */
        public static Series histogram(String name, double[] values, double low, double high, int bins) {
            double[] counts = new double[bins];
            for (double value : values) {
                int bin = (int) Math.floor((value - low) / (high - low) * bins);
                counts[Math.max(0, Math.min(bins - 1, bin))]++;
            }
            List<Point> points = new ArrayList<>();
            for (int i = 0; i <= bins; i++) {
                double share = i == bins || values.length == 0 ? 0 : counts[i] / values.length;
                points.add(Point.of(low + i * (high - low) / bins, share));
            }
            return new Series(name, Style.AREA, points);
        }
    }
}
