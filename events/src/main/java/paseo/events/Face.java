package paseo.events;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One detection: a face in a frame.
 *
 * @param box in pixels of the source picture
 * @param score the detector's, in [0, 1]
 * @param landmarks in pixels of the source picture
 * @param pose of the head
 * @param quality usability for recognition, in [0, 1]
 * @param usability whether the face may enter a template, and if not, the first gate it failed
 * @param embedding present if and only if the face is usable
 * @param crop the aligned face that was embedded, as JPEG; present if and only if the face is usable
 */
public record Face(
        Box box,
        float score,
        Landmarks landmarks,
        Pose pose,
        float quality,
        Usability usability,
        @Nullable Embedding embedding,
        @Nullable ByteBuffer crop) {
    public Face {
        if ((usability == Usability.USABLE) != (embedding != null) || (embedding == null) != (crop == null)) {
            throw new EventFormatException(
                    "a face has an embedding and a crop if and only if it is usable; this one is " + usability);
        }
        Finite.check("score", score);
        Finite.check("quality", quality);
    }

    /** Whether the face may enter a template. */
    public boolean usable() {
        return usability == Usability.USABLE;
    }
}
