package paseo.events;

import java.util.List;

/**
 * A record of the topic {@code detections}: what was found in one frame. Every record of {@code frames} but an
 * {@link AccessUnit} that is not to be looked at yields exactly one, in the order of the frames' numbers.
 *
 * @param reference the frame's
 * @param content {@link Faces}, or the frame's {@link Heartbeat} handed on, or why the frame was {@link Dropped}
 */
public record Detections(FrameReference reference, Content content) {
    /** What a {@link Detections} carries. */
    public sealed interface Content permits Faces, Heartbeat, Dropped {}

    /**
     * The faces of a frame that was looked at.
     *
     * @param modelPack what made them, {@code name@version}
     * @param embeddingDimension length of the embeddings
     * @param sourceWidth pixels of the picture at the source, upright
     * @param sourceHeight pixels of the picture at the source, upright
     * @param faces a face's place in this list is its index for ever; {@link #MOST} at most
     */
    public record Faces(String modelPack, int embeddingDimension, int sourceWidth, int sourceHeight, List<Face> faces)
            implements Content {
        /** Faces of one frame: more than any picture shows, and few enough for all that have to compare them. */
        public static final int MOST = 1_000;

        public Faces {
            if (faces.size() > MOST) {
                throw new EventFormatException(faces.size() + " faces in a frame, where " + MOST + " are the most");
            }
            faces = List.copyOf(faces);
            for (Face face : faces) {
                if (face.embedding() != null && face.embedding().dimension() != embeddingDimension) {
                    throw new EventFormatException("an embedding has dimension "
                            + face.embedding().dimension() + ", its message says " + embeddingDimension);
                }
            }
        }
    }

    /**
     * A frame that was not looked at.
     *
     * @param reason why, for counting
     * @param detail why, in words; may be empty
     */
    public record Dropped(Reason reason, String detail) implements Content {
        /** Why a frame was not looked at. */
        public enum Reason {
            /** The picture could not be decoded. */
            UNREADABLE,
            /** A live frame that waited too long. */
            STALE,
            /** A picture larger than the worker accepts. */
            TOO_LARGE,
            /** An access unit before the first key picture, or between a gap and the next one. */
            NO_KEY_PICTURE,
            /** One of those that the worker was told to leave out. */
            SKIPPED
        }
    }
}
