package paseo.inference;

import org.jspecify.annotations.Nullable;

/**
 * A model pack that cannot be used: a file is missing, altered or of the wrong shape, a licence is not accepted, a
 * manifest is wrong, the device to compute on cannot be had. The message is one line that names the file, what was
 * expected and what to do.
 */
public final class ModelPackException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ModelPackException(String message) {
        super(message);
    }

    ModelPackException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
