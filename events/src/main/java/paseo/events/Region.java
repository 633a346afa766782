package paseo.events;

import java.util.Arrays;
import java.util.Locale;

/**
 * A part of a picture, in shares of its width and height, origin top left.
 *
 * @param x left edge, in [0, 1)
 * @param y upper edge, in [0, 1)
 * @param width above 0, x + width at most 1
 * @param height above 0, y + height at most 1
 */
public record Region(double x, double y, double width, double height) {
    private static final double ROUNDING = 1e-9;

    public Region {
        boolean inside = x >= 0 && y >= 0 && x + width <= 1 + ROUNDING && y + height <= 1 + ROUNDING;
        if (!inside || !(width > 0) || !(height > 0)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s,%s,%s,%s is not a part of a picture", x, y, width, height)
                            + ": left, top, width and height are shares from 0 to 1");
        }
    }

    /**
     * Reads {@code left,top,width,height}.
     *
     * @throws IllegalArgumentException if it is not such a part
     */
    public static Region parse(String text) {
        try {
            double[] shares = Arrays.stream(text.split(",", -1))
                    .mapToDouble(share -> Double.parseDouble(share.strip()))
                    .toArray();
            if (shares.length == 4) {
                return new Region(shares[0], shares[1], shares[2], shares[3]);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is not left,top,width,height", e);
        }
        throw new IllegalArgumentException(text + " is not left,top,width,height");
    }

    @Override
    public String toString() {
        return x + "," + y + "," + width + "," + height;
    }
}
