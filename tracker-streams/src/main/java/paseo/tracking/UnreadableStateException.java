package paseo.tracking;

import org.jspecify.annotations.Nullable;

/** The saved state of a camera cannot be read. No record is to blame: going on without it would lose them all. */
final class UnreadableStateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableStateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
