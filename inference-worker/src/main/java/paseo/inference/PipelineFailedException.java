package paseo.inference;

/**
 * What looks at pictures has failed or was closed: a model, the device that computes it, or the threads. It says
 * nothing of the picture in hand, which has to be looked at again.
 */
public final class PipelineFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PipelineFailedException(String message) {
        super(message);
    }

    PipelineFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
