package paseo.matching;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Usability;

/**
 * A stored face.
 *
 * @param camera id of the camera
 * @param epoch session of the camera
 * @param source what a person calls the camera or file
 * @param frame number of the frame, from 0 in the order of showing
 * @param index place of the face in the frame
 * @param timeSeconds capture time, from the file's start or since 1970
 * @param box in pixels of the source picture
 * @param score the detector's
 * @param pose of the head
 * @param quality usability for recognition, in [0, 1]
 * @param usability usable, or the first gate that it failed
 * @param embedding empty unless it is usable
 * @param sequence id of the sequence it belongs to, if any
 * @param person number of the sequence's person, if any
 */
public record FaceRow(
        String camera,
        long epoch,
        String source,
        long frame,
        int index,
        double timeSeconds,
        Box box,
        float score,
        Pose pose,
        float quality,
        Usability usability,
        Optional<Embedding> embedding,
        Optional<UUID> sequence,
        OptionalLong person) {}
