package paseo.inference;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import paseo.events.Image;
import picocli.CommandLine;

/**
 * Of how many frames one is looked at.
 *
 * @param moving while something moves, or where nobody says whether it does; 1 for every frame
 * @param still while nothing moves, as {@link Image#still} says; at least as many
 */
public record DetectionInterval(int moving, int still) {
    /** Every frame is looked at. */
    public static final DetectionInterval EVERY_FRAME = new DetectionInterval(1, 1);

    private static final int MOST = 1000;
    private static final Pattern WORDS = Pattern.compile("(\\d{1,4})(?:/(\\d{1,4}))?");

    public DetectionInterval {
        if (moving < 1 || still < moving || still > MOST) {
            throw new IllegalArgumentException("one of N frames is looked at, N from 1 to " + MOST
                    + ", and of those in which nothing moves one of as many or more, not one of " + moving + " and of "
                    + still);
        }
    }

    /**
     * Reads what a person writes: {@code N}, or {@code N/M} for one of M while nothing moves.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static DetectionInterval parse(String words) {
        Matcher matcher = WORDS.matcher(words);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("N or N/M are wanted, as in 2 or 1/5, not " + words);
        }
        int moving = Integer.parseInt(matcher.group(1));
        return new DetectionInterval(moving, matcher.group(2) == null ? moving : Integer.parseInt(matcher.group(2)));
    }

    /** What command lines read their option with. */
    public static final class Converter implements CommandLine.ITypeConverter<DetectionInterval> {
        @Override
        public DetectionInterval convert(String words) {
            try {
                return parse(words);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return moving == still ? Integer.toString(moving) : moving + "/" + still;
    }
}
