package paseo.events;

/** A record of the topic {@code sequences}. */
public sealed interface SequenceEvent permits Sequence, SequenceEvent.SessionEnded {
    /** Id of the camera. */
    String camera();

    /** Session of the camera. */
    long epoch();

    /**
     * Follows the last closed sequence of a session.
     *
     * @param camera id of the camera
     * @param epoch session of the camera
     * @param complete whether the source said that it had sent everything
     * @param lastFrame number of the last frame, -1 when there was none
     */
    record SessionEnded(String camera, long epoch, boolean complete, long lastFrame) implements SequenceEvent {}
}
