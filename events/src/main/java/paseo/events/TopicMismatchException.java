package paseo.events;

/** An existing topic does not fit the contract. The message says what to change; nothing was changed. */
public final class TopicMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicMismatchException(String message) {
        super(message);
    }
}
