package paseo.events;

import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A record of the topic {@code sightings}: a person was at a camera from then to then.
 *
 * @param sequenceId the sequence it is a word on
 * @param decision of the matcher
 * @param person pseudonymous number, 0 when the sequence belongs to nobody
 * @param camera id of the camera
 * @param epoch session of the camera
 * @param source what a person calls the camera or file
 * @param firstFrame number of the first frame
 * @param lastFrame number of the last frame with a face
 * @param startSeconds capture time of the first frame
 * @param endSeconds capture time of the last frame with a face
 * @param faceCount faces
 * @param usableCount usable faces
 * @param similarity cosine to the nearest person, if there was one
 * @param runnerUp cosine to the nearest different person, if there was one
 * @param threshold what the similarity had to reach, if it was compared
 * @param gallerySize persons in the gallery when it was decided
 * @param calibration version of the thresholds
 * @param modelPack what made the embeddings, {@code name@version}
 * @param provisional whether the person is still in view, so that a later sighting of the sequence may say otherwise
 * @param identifiedSeconds capture time at which this person was first said, without a change since
 * @param revision counts the sightings of this sequence from 0; the final one is the last
 */
public record Sighting(
        UUID sequenceId,
        Decision decision,
        long person,
        String camera,
        long epoch,
        String source,
        long firstFrame,
        long lastFrame,
        double startSeconds,
        double endSeconds,
        int faceCount,
        int usableCount,
        OptionalDouble similarity,
        OptionalDouble runnerUp,
        OptionalDouble threshold,
        long gallerySize,
        String calibration,
        String modelPack,
        boolean provisional,
        OptionalDouble identifiedSeconds,
        int revision) {
    public Sighting {
        if (decision.hasPerson() != (person > 0)) {
            throw new EventFormatException("a sighting has a person if and only if it is recognised or new");
        }
    }
}
