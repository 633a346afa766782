package paseo.frames;

/** A video that cannot be read, or not to its end. The message is one line that names the file and the reason. */
public final class VideoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    VideoException(String message) {
        super(message);
    }

    VideoException(String message, Throwable cause) {
        super(message, cause);
    }
}
