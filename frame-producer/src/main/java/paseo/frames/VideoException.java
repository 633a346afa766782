package paseo.frames;

/** A video that cannot be read, or not to its end. The message is one line that names the file and the reason. */
public final class VideoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String line;
    private final int code;

    VideoException(String line) {
        this(line, 0);
    }

    VideoException(String line, int code) {
        super(line);
        this.line = line;
        this.code = code;
    }

    VideoException(String line, Throwable cause) {
        super(line, cause);
        this.line = line;
        this.code = cause instanceof VideoException video ? video.code : 0;
    }

    /** FFmpeg's, 0 where it was not FFmpeg that failed. */
    int code() {
        return code;
    }

    @Override
    public String getMessage() {
        return line;
    }
}
