package paseo.events;

/**
 * A camera's sign of life, once a second and at each end of a session.
 *
 * @param state how the camera is
 * @param source what the camera is
 * @param detail why, in words without secrets; empty when there is nothing to say
 */
public record Heartbeat(State state, Source source, String detail) implements Frame.Content, Detections.Content {
    /** How a camera is. */
    public enum State {
        /** First record of a session. */
        STARTED,
        LIVE,
        RECONNECTING,
        /** Last record of a session: every frame of it has been sent. */
        ENDED,
        /** Last record of a session: the source broke off after the frames sent so far. */
        FAILED;

        /** Whether no frame of the session follows. */
        public boolean last() {
            return this == ENDED || this == FAILED;
        }
    }
}
