package paseo.frames;

/** A video that cannot be read, or not to its end. The message is one line that names the file and the reason. */
public final class VideoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String line;

    VideoException(String line) {
        super(line);
        this.line = line;
    }

    VideoException(String line, Throwable cause) {
        super(line, cause);
        this.line = line;
    }

    @Override
    public String getMessage() {
        return line;
    }
}
