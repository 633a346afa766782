package paseo.matching;

/** A revision by hand that cannot be made; the message says why. */
public final class RefusedRevisionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedRevisionException(String message) {
        super(message);
    }
}
