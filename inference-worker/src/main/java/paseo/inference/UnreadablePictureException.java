package paseo.inference;

/** Bytes that are not a picture, or a damaged one. */
final class UnreadablePictureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    UnreadablePictureException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why, in a few words. */
    String reason() {
        return reason;
    }
}
