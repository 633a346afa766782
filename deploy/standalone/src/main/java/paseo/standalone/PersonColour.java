package paseo.standalone;

import java.util.Locale;

/**
 * The colour of a person: a function of the number alone, so that a person has the same one in every video, report and
 * run.
 *
 * @param red 0–255
 * @param green 0–255
 * @param blue 0–255
 */
record PersonColour(int red, int green, int blue) {
    /** For faces that belong to nobody. */
    static final PersonColour NOBODY = new PersonColour(0x8a, 0x8f, 0x98);

    /** Steps of the golden angle keep neighbouring numbers far apart on the circle of hues. */
    private static final double GOLDEN_ANGLE = 137.50776405003785;

    private static final double FIRST_HUE = 205;
    private static final double SATURATION = 0.68;
    /** Bright enough on black, dark enough on white; three of them, for when hues come round again. */
    private static final double[] LIGHTNESS = {0.52, 0.43, 0.61};

    /** The colour of a person's number; 0 is nobody. */
    static PersonColour of(long person) {
        if (person <= 0) {
            return NOBODY;
        }
        double hue = (FIRST_HUE + (person - 1) * GOLDEN_ANGLE) % 360;
        return ofHsl(hue, SATURATION, LIGHTNESS[(int) ((person - 1) % LIGHTNESS.length)]);
    }

    /** CSS Color Module level 4, section 7.1: from hue (degrees), saturation and lightness (0–1). */
    private static PersonColour ofHsl(double hue, double saturation, double lightness) {
        return new PersonColour(
                channel(0, hue, saturation, lightness),
                channel(8, hue, saturation, lightness),
                channel(4, hue, saturation, lightness));
    }

    private static int channel(int n, double hue, double saturation, double lightness) {
        double k = (n + hue / 30) % 12;
        double a = saturation * Math.min(lightness, 1 - lightness);
        double value = lightness - a * Math.max(-1, Math.min(Math.min(k - 3, 9 - k), 1));
        return (int) Math.round(255 * value);
    }

    /** As in CSS: {@code #rrggbb}. */
    String css() {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }

    /** Whether white letters are easier to read on it than black ones (relative luminance of WCAG 2, section 1.4). */
    boolean isDark() {
        double luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
        return luminance < 0.25;
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
