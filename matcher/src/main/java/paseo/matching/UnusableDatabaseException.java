package paseo.matching;

import org.jspecify.annotations.Nullable;

/** A database that cannot be worked with. The message says in one line which one, why, and what to do. */
public final class UnusableDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean unreachable;

    UnusableDatabaseException(boolean unreachable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.unreachable = unreachable;
    }

    /** Whether it gave no answer, so that the same settings may work later. */
    public boolean unreachable() {
        return unreachable;
    }
}
