package paseo.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * An embedded server did not start or could not go on. The message is one line for the user: what happened, to which
 * file, and what to do about it.
 */
public class EmbeddedFailure extends IOException {
    private static final long serialVersionUID = 1L;

    EmbeddedFailure(String message) {
        super(message);
    }

    EmbeddedFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The one line for a fault of the disk: permission, space, or what the file system said. */
    static EmbeddedFailure ofDisk(String what, IOException cause) {
        if (cause instanceof EmbeddedFailure failure) {
            return failure;
        }
        return new EmbeddedFailure(what + ": " + describe(cause), cause);
    }

    private static String describe(IOException cause) {
        if (cause instanceof AccessDeniedException denied) {
            return "permission denied for " + denied.getFile();
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (cause instanceof FileSystemException fault && fault.getReason() == null) {
            return fault.getClass().getSimpleName() + " at " + fault.getFile();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
