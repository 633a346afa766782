package paseo.standalone;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Where and when somebody was seen.
 *
 * @param source what a person calls it
 * @param seconds from a file's start; since 1970 for a camera
 */
record Moment(String source, double seconds) {
    /** Thirty years: no file is that long, and no camera was that early. */
    private static final double FIRST_CLOCK_TIME = 1e9;

    /** In exports: {@code SOURCE@SECONDS} for a file, {@code SOURCE@INSTANT} for a camera. */
    String stamp() {
        return source + '@' + (isClock() ? instant(ChronoUnit.MILLIS) : Column.decimal(seconds, 3));
    }

    /** For people: {@code 1:02.3} in a file, the instant for a camera. */
    static String time(double seconds) {
        Moment moment = new Moment("", seconds);
        return moment.isClock() ? moment.instant(ChronoUnit.SECONDS) : position(seconds);
    }

    /** For people, with the source. */
    String inWords() {
        return source + ' ' + time(seconds);
    }

    private boolean isClock() {
        return seconds >= FIRST_CLOCK_TIME;
    }

    private String instant(ChronoUnit unit) {
        return Instant.ofEpochMilli(Math.round(seconds * 1000))
                .truncatedTo(unit)
                .toString();
    }

    private static String position(double seconds) {
        long tenths = Math.round(seconds * 10);
        long hours = tenths / 36_000;
        long minutes = tenths / 600 % 60;
        double rest = tenths % 600 / 10.0;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%04.1f", hours, minutes, rest)
                : String.format(Locale.ROOT, "%d:%04.1f", minutes, rest);
    }
}
