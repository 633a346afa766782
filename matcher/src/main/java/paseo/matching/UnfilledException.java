package paseo.matching;

import java.sql.SQLTransientException;

/**
 * The vectors that are searched are not all there: PostgreSQL has crashed or is another one, and they are made again
 * from the sealed ones. Nothing may be decided, found or deleted by them until then.
 */
final class UnfilledException extends SQLTransientException {
    private static final long serialVersionUID = 1;

    /** "cannot connect now", which a starting server says. */
    private static final String NOT_NOW = "57P03";

    UnfilledException() {
        super("the vectors that are searched are being made again from the sealed ones", NOT_NOW);
    }
}
