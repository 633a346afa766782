package paseo.tracking;

/** A record's capture time lies where no camera can have been: it would make all that comes behind it late. */
final class ImpossibleTimeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ImpossibleTimeException(long captureTimeMicros) {
        super("captured at " + captureTimeMicros + " us");
    }
}
