package paseo.events;

import java.util.Optional;

/**
 * A camera's sign of life, once a second and at each end of a session.
 *
 * @param state what the session does
 * @param source what the camera is
 * @param detail why, in words without secrets; empty when there is nothing to say
 * @param camera how the camera is; empty for files
 */
public record Heartbeat(State state, Source source, String detail, Optional<CameraStatus> camera)
        implements Frame.Content, Detections.Content {
    /** A file's. */
    public Heartbeat(State state, Source source, String detail) {
        this(state, source, detail, Optional.empty());
    }

    /** What a session does. */
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
