package paseo.standalone;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import paseo.events.Decision;

/**
 * What a run found, as table, export and report show it: its sources in the order given, every sequence of them, and
 * everybody who was seen in them. Holds no clock time and no id of the database: the same result is the same value.
 *
 * @param sources in the order given
 * @param people seen in these sources, by number; their totals count everything that is stored of them
 * @param sequences of these sources, in their order and then by first frame
 */
record Findings(List<SourceFound> sources, List<PersonFound> people, List<SequenceFound> sequences) {
    Findings {
        sources = List.copyOf(sources);
        people = people.stream()
                .sorted(Comparator.comparingLong(PersonFound::number))
                .toList();
        sequences = List.copyOf(sequences);
    }

    /** Sequences of a person in these sources, in their order. */
    List<SequenceFound> sequencesOf(long person) {
        return sequences.stream().filter(found -> found.person() == person).toList();
    }

    /** Sequences of one source. */
    List<SequenceFound> sequencesIn(SourceFound source) {
        return sequences.stream()
                .filter(found -> found.camera().equals(source.camera()) && found.epoch() == source.epoch())
                .toList();
    }

    /** Sequences that could not be compared, or those that were and are nobody's all the same. */
    List<SequenceFound> nobodys(boolean comparable) {
        return sequences.stream()
                .filter(found -> found.person() == 0 && (found.decision() != Decision.UNUSABLE) == comparable)
                .toList();
    }

    /** Whether the person was first seen in these sources. Another video may have the same name: sequences tell. */
    boolean isNew(PersonFound person) {
        return sequencesOf(person.number()).stream().map(SequenceFound::id).anyMatch(person.firstSequence()::equals);
    }

    /** Faces found in these sources, usable or not. */
    long faces() {
        return sources.stream().mapToLong(SourceFound::faces).sum();
    }

    /**
     * An input.
     *
     * @param camera id, empty when it could not be opened
     * @param epoch session
     * @param name what a person calls it
     * @param seconds from its start to its end, 0 when unknown
     * @param frames that were looked at
     * @param faces found in them
     * @param error why it failed, in one line
     */
    record SourceFound(
            String camera, long epoch, String name, double seconds, long frames, long faces, Optional<String> error) {}

    /**
     * A person.
     *
     * @param number the pseudonym
     * @param firstSequence id of the first of all that is stored
     * @param firstSeen where and when, see {@link Moment}
     * @param lastSeen where and when
     * @param sequences of all that is stored
     * @param faces in these sequences
     * @param silhouette how much closer the person's sequences are to each other than to the nearest other person, in
     *     [-1, 1]; absent with a single sequence or nobody else
     * @param nearest the most similar other person, if there is anybody else
     * @param nearestSimilarity cosine to that one
     */
    record PersonFound(
            long number,
            UUID firstSequence,
            Moment firstSeen,
            Moment lastSeen,
            long sequences,
            long faces,
            OptionalDouble silhouette,
            OptionalLong nearest,
            OptionalDouble nearestSimilarity) {}

    /**
     * One person's faces while in view.
     *
     * @param id of the sequence
     * @param decision on whose they are, as it was made
     * @param person whose they are by now, 0 for nobody
     * @param camera id
     * @param epoch session
     * @param source what a person calls it
     * @param firstFrame counted from 0 in the order of showing
     * @param lastFrame with a face
     * @param startSeconds capture time of the first frame
     * @param endSeconds capture time of the last frame
     * @param faces in it
     * @param usable of these
     * @param similarity cosine to the nearest person, if there was one
     * @param runnerUp cosine to the nearest different person
     * @param threshold what the similarity had to reach
     * @param bestShots best first; none where no face was usable
     */
    record SequenceFound(
            UUID id,
            Decision decision,
            long person,
            String camera,
            long epoch,
            String source,
            long firstFrame,
            long lastFrame,
            double startSeconds,
            double endSeconds,
            long faces,
            long usable,
            OptionalDouble similarity,
            OptionalDouble runnerUp,
            OptionalDouble threshold,
            List<BestShot> bestShots) {
        SequenceFound {
            bestShots = List.copyOf(bestShots);
        }
    }

    /**
     * A good face of a sequence.
     *
     * @param frame it was taken from
     * @param seconds capture time
     * @param quality in [0, 1]
     * @param jpeg the aligned face
     */
    record BestShot(long frame, double seconds, double quality, ByteBuffer jpeg) {
        BestShot {
            jpeg = jpeg.asReadOnlyBuffer();
        }

        /** A copy of the bytes. */
        byte[] bytes() {
            byte[] bytes = new byte[jpeg.remaining()];
            jpeg.duplicate().get(bytes);
            return bytes;
        }
    }

    /**
     * One detected face, usable or not.
     *
     * @param source what a person calls it
     * @param frame counted from 0 in the order of showing
     * @param seconds capture time
     * @param x left edge of the box, pixels of the source
     * @param y upper edge
     * @param width of the box
     * @param height of the box
     * @param score the detector's, in [0, 1]
     * @param yaw degrees, positive towards image right
     * @param pitch degrees, positive downwards
     * @param roll degrees, positive clockwise
     * @param quality in [0, 1]
     * @param sequence it belongs to, if any
     * @param person 0 for nobody
     */
    record FaceFound(
            String source,
            long frame,
            double seconds,
            double x,
            double y,
            double width,
            double height,
            double score,
            double yaw,
            double pitch,
            double roll,
            double quality,
            Optional<UUID> sequence,
            long person) {}
}
