package paseo.events;

/**
 * A record of the topic {@code frames}: one picture, or the sign of life in between.
 *
 * @param reference which frame; for a heartbeat the last frame before it
 * @param content {@link Image}, {@link AccessUnit} or {@link Heartbeat}
 */
public record Frame(FrameReference reference, Content content) {
    /** What a {@link Frame} carries. */
    public sealed interface Content permits Image, AccessUnit, Heartbeat {}
}
