package paseo.matching;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Pose;

/**
 * One of the best faces of a decided sequence.
 *
 * @param sequence id of the sequence
 * @param person number of its person, if any
 * @param ordinal from 1, best first
 * @param source what a person calls the camera or file
 * @param frame number of the frame
 * @param faceIndex place in the frame
 * @param timeSeconds capture time, from the file's start or since 1970
 * @param quality in [0, 1]
 * @param pose of the head
 * @param crop the aligned face as JPEG, read-only
 */
public record PrototypeRow(
        UUID sequence,
        OptionalLong person,
        int ordinal,
        String source,
        long frame,
        int faceIndex,
        double timeSeconds,
        float quality,
        Pose pose,
        ByteBuffer crop) {
    /** The same with its picture. */
    PrototypeRow with(ByteBuffer picture) {
        return new PrototypeRow(
                sequence, person, ordinal, source, frame, faceIndex, timeSeconds, quality, pose, picture);
    }
}
