package paseo.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;

/**
 * A detection that may continue a track.
 *
 * @param index place of the face in its frame
 * @param face the detection
 * @param confident whether it may start a track
 * @param vector its embedding, null unless the face is usable; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
record Candidate(int index, Face face, boolean confident, float @Nullable [] vector) {
    /** Two boxes that overlap more than this, or of which one contains the other, are one face found twice. */
    private static final double SAME_FACE_IOU = 0.55;

    private static final double SAME_FACE_CONTAINED = 0.95;

    /** The surest of a frame that are followed: the best pairing costs the third power of their number. */
    private static final int MOST = 300;

    Box box() {
        return face.box();
    }

    /**
     * The faces of a frame without those found twice: the surer box of two stays. The other would become a second
     * person that can never be the first, because both were seen at once.
     */
    static List<Candidate> of(Detections.Faces faces, double confidentScore) {
        List<Candidate> surest = IntStream.range(0, faces.faces().size())
                .mapToObj(index -> candidate(index, faces.faces().get(index), confidentScore))
                .sorted(Comparator.comparingDouble(
                                (Candidate candidate) -> -candidate.face().score())
                        .thenComparingInt(Candidate::index))
                .limit(MOST)
                .toList();
        List<Candidate> different = new ArrayList<>();
        for (Candidate candidate : surest) {
            if (different.stream().noneMatch(other -> sameFace(other.box(), candidate.box()))) {
                different.add(candidate);
            }
        }
        different.sort(Comparator.comparingInt(Candidate::index));
        return different;
    }

    private static Candidate candidate(int index, Face face, double confidentScore) {
        Embedding embedding = face.embedding();
        return new Candidate(
                index, face, face.score() >= confidentScore, embedding == null ? null : embedding.toArray());
    }

    private static boolean sameFace(Box a, Box b) {
        double iou = a.iou(b);
        if (iou == 0) {
            return false;
        }
        double intersection = iou / (1 + iou) * ((double) a.area() + b.area());
        return iou > SAME_FACE_IOU || intersection > SAME_FACE_CONTAINED * Math.min(a.area(), b.area());
    }
}
