package paseo.frames;

/** Frames were removed from {@code frames} before a worker took them: no worker ran for the topic's whole retention. */
final class FramesExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FramesExpiredException(String camera) {
        super("frames up to those of " + camera + " waited for a worker until they expired");
    }
}
