package paseo.matching;

/** A calibration that cannot be read or does not fit; the message names the file and says why. */
public final class CalibrationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CalibrationException(String message) {
        super(message);
    }

    CalibrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
