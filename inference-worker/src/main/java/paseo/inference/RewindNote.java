package paseo.inference;

import java.util.OptionalLong;

/**
 * An offset in the text that Kafka keeps with a committed one: a worker that takes over begins to read there, since
 * what follows the committed offset can only be decoded after it.
 */
final class RewindNote {
    private static final String MARK = " from ";

    private RewindNote() {}

    /** A text with an offset, if there is one. */
    static String add(String text, OptionalLong from) {
        return from.isPresent() ? text + MARK + from.getAsLong() : text;
    }

    /** The text alone. */
    static String without(String noted) {
        int mark = noted.lastIndexOf(MARK);
        return mark < 0 ? noted : noted.substring(0, mark);
    }

    /** The offset. */
    static OptionalLong from(String noted) {
        int mark = noted.lastIndexOf(MARK);
        if (mark < 0) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(noted.substring(mark + MARK.length())));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
