package paseo.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import paseo.evaluation.report.Plot.Axis;
import paseo.evaluation.report.Plot.Scale;

/** An axis with its ends and ticks decided. */
record AxisRange(Axis axis, double low, double high, List<Double> ticks) {
    private static final int TICKS = 6;
    private static final int FEW_DECADES = 3;
    private static final double[] STEPS = {1, 2, 5};

    /** An axis that holds the values; its own ends where it has them. */
    static AxisRange of(Axis axis, double[] values) {
        boolean logarithmic = axis.scale() == Scale.LOGARITHMIC;
        DoublePredicate drawable = logarithmic ? value -> value > 0 && Double.isFinite(value) : Double::isFinite;
        double least = DoubleStream.of(values).filter(drawable).min().orElse(logarithmic ? 0.1 : 0);
        double most = DoubleStream.of(values).filter(drawable).max().orElse(1);
        return logarithmic ? decades(axis, least, most) : even(axis, least, most);
    }

    private static AxisRange decades(Axis axis, double least, double most) {
        double low = Double.isFinite(axis.low()) ? axis.low() : 1 / roundStep(1 / least);
        double high = Double.isFinite(axis.high()) ? axis.high() : roundStep(most);
        if (high <= low) {
            high = 10 * low;
        }
        List<Double> ticks = logarithmicTicks(low, high, new double[] {1});
        return new AxisRange(axis, low, high, ticks.size() < FEW_DECADES ? logarithmicTicks(low, high, STEPS) : ticks);
    }

    private static List<Double> logarithmicTicks(double low, double high, double[] factors) {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); decade(power) <= high * (1 + 1e-9); power++) {
            for (double factor : factors) {
                double tick = factor * decade(power);
                if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    private static double decade(double power) {
        return power < 0 ? 1 / Math.pow(10, -power) : Math.pow(10, power);
    }

    private static AxisRange even(Axis axis, double least, double most) {
        double from = Double.isFinite(axis.low()) ? axis.low() : least;
        double to = Double.isFinite(axis.high()) ? axis.high() : most;
        if (to <= from) {
            to = from + 1;
        }
        double step = roundStep((to - from) / TICKS);
        double low = Double.isFinite(axis.low()) ? from : step * Math.floor(from / step + 1e-9);
        double high = Double.isFinite(axis.high()) ? to : step * Math.ceil(to / step - 1e-9);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return new AxisRange(axis, low, high, ticks);
    }

    /** 1, 2 or 5 times a power of ten, at least as large. */
    private static double roundStep(double step) {
        double power = decade(Math.floor(Math.log10(step)));
        for (double factor : STEPS) {
            if (factor * power >= step * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Where a value lies, 0 at the lower end and 1 at the upper; what is outside lies at the nearer end. */
    double place(double value) {
        double place;
        if (axis.scale() == Scale.LOGARITHMIC) {
            place = value <= 0 ? 0 : Math.log(value / low) / Math.log(high / low);
        } else {
            place = (value - low) / (high - low);
        }
        return Math.max(0, Math.min(1, place));
    }
}
