package paseo.evaluation.report;

import java.util.Locale;

/** How a number is written. */
public enum Unit {
    /** A share, in percent. */
    SHARE,
    /** Three decimals. */
    SCORE,
    /** Two decimals. */
    RATIO,
    /** A whole number. */
    COUNT,
    /** Seconds. */
    SECONDS;

    /** The number for a reader. */
    public String text(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        return switch (this) {
            case SHARE -> trimmed(100 * value, Math.abs(value) < 0.0995 ? 2 : 1) + " %";
            case SCORE -> String.format(Locale.ROOT, "%.3f", value);
            case RATIO -> String.format(Locale.ROOT, "%.2f", value);
            case COUNT -> String.format(Locale.ROOT, "%,d", Math.round(value));
            case SECONDS -> String.format(Locale.ROOT, "%.2f s", value);
        };
    }

    /** The number on an axis, as short as it can be. */
    String tick(double value) {
        return switch (this) {
            case SHARE -> trimmed(100 * value, 6) + " %";
            case COUNT -> String.format(Locale.ROOT, "%,d", Math.round(value));
            case SECONDS -> trimmed(value, 6) + " s";
            case SCORE, RATIO -> trimmed(value, 6);
        };
    }

    private static String trimmed(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
