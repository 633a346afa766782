package paseo.matching;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Decision;

/**
 * A decided sequence.
 *
 * @param sequence id of the sequence
 * @param person pseudonymous number; empty when the sequence belongs to nobody
 * @param camera id of the camera
 * @param epoch session of the camera
 * @param source what a person calls the camera or file
 * @param firstFrame number of the first frame
 * @param lastFrame number of the last frame with a face
 * @param startSeconds capture time of the first frame, from the file's start or since 1970
 * @param endSeconds capture time of the last frame with a face
 * @param faces all faces
 * @param usableFaces those that could enter the template
 * @param decision final
 * @param decidedPerson whose the final decision said it was, whatever became known later
 * @param similarity to the nearest person that it could be
 * @param runnerUp to the nearest different one
 * @param threshold what the similarity had to reach
 * @param gallerySize persons in the gallery when it was decided
 * @param calibration version of the thresholds
 * @param modelPack what made the embeddings
 * @param identifiedSeconds capture time at which this person was first said, without a change since; empty when the
 *     sequence belongs to nobody
 */
public record SightingRow(
        UUID sequence,
        OptionalLong person,
        String camera,
        long epoch,
        String source,
        long firstFrame,
        long lastFrame,
        double startSeconds,
        double endSeconds,
        int faces,
        int usableFaces,
        Decision decision,
        OptionalLong decidedPerson,
        OptionalDouble similarity,
        OptionalDouble runnerUp,
        OptionalDouble threshold,
        long gallerySize,
        String calibration,
        String modelPack,
        OptionalDouble identifiedSeconds) {}
