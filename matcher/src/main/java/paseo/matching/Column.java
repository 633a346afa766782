package paseo.matching;

/**
 * A column of a table that is handed on row by row.
 *
 * @param name of the member of each row's object
 * @param type of its values, each of which may be null
 */
public record Column(String name, Type type) {
    /** What the values are. */
    public enum Type {
        /** {@link Number} without a fraction. */
        INTEGER,
        /** {@link Double}. */
        NUMBER,
        /** {@link Boolean}. */
        BOOLEAN,
        /** A text as {@link java.time.Instant} prints it. */
        TIME,
        /** {@link String}. */
        TEXT
    }
}
