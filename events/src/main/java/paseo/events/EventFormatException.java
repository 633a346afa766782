package paseo.events;

import org.apache.kafka.common.errors.SerializationException;

/** Bytes that are not a message of the contract, or a message whose values it forbids. */
public final class EventFormatException extends SerializationException {
    private static final long serialVersionUID = 1;

    EventFormatException(String message) {
        super(message);
    }

    EventFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
