package paseo.matching;

/** A record of the contract whose values do not fit what is stored; reading it again will not help. */
final class UnstorableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnstorableException(String message) {
        super(message);
    }
}
