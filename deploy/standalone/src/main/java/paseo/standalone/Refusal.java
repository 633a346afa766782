package paseo.standalone;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a command did not do what it was asked for. The message is one line for the user: what is wrong, with the option
 * or file it is about, and what to do.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Refusal(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Nothing was begun: configuration, data directory, models or servers do not allow it. */
    static Refusal atStart(String message) {
        return new Refusal(ExitCodes.REFUSED, message, null);
    }

    /** Nothing was begun because of {@code cause}. */
    static Refusal atStart(String message, Throwable cause) {
        return new Refusal(ExitCodes.REFUSED, message, cause);
    }

    /** Nothing was begun, and {@code cause} says why in one line. */
    static Refusal atStart(Exception cause) {
        return new Refusal(ExitCodes.REFUSED, Objects.requireNonNullElse(cause.getMessage(), cause.toString()), cause);
    }

    /** Begun, and not finished. */
    static Refusal failed(String message, @Nullable Throwable cause) {
        return new Refusal(ExitCodes.FAILED, message, cause);
    }

    /** The command cannot be understood. */
    static Refusal usage(String message) {
        return new Refusal(ExitCodes.USAGE, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
