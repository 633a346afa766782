package paseo.matching;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * A sequence with what stands for it in comparison.
 *
 * @param id of the sequence
 * @param session it is from
 * @param firstMicros capture time of its first frame
 * @param lastMicros capture time of its last frame
 * @param faces that it has, usable or not
 * @param usable usable ones of them
 * @param offset what is taken off its similarities, because the people near it are nearer than they should be, see
 *     {@link Cohort}
 * @param centre of its template; null for one that is not compared, because its person has enough others
 * @param prototypes of its template that are searched, by ordinal
 */
record Portrait(
        UUID id,
        long session,
        long firstMicros,
        long lastMicros,
        int faces,
        int usable,
        double offset,
        @Nullable Embedding centre,
        SortedMap<Integer, Embedding> prototypes) {
    /**
     * Pieces of one walk past the camera show the same picture several times, and what misleads one misleads all. A
     * track that is lost and found again is back within two seconds or so.
     */
    private static final long INDEPENDENT_MICROS = 5_000_000;

    Portrait {
        prototypes = Collections.unmodifiableSortedMap(new TreeMap<>(prototypes));
    }

    /** Whether it takes part in comparisons. */
    boolean comparable() {
        return centre != null;
    }

    /** How many usable faces a person of its own needs. */
    int facesToCreate() {
        return MatchPolicy.facesToCreate(faces, lastMicros - firstMicros);
    }

    /** Whether the two are separate evidence: of different sessions, or some time apart. */
    boolean independentOf(Portrait other) {
        return session != other.session
                || firstMicros - other.lastMicros >= INDEPENDENT_MICROS
                || other.firstMicros - lastMicros >= INDEPENDENT_MICROS;
    }

    /** The same with what stands for it: the centre under 0, prototypes under their ordinals. */
    Portrait showing(SortedMap<Integer, Embedding> vectors) {
        return new Portrait(
                id, session, firstMicros, lastMicros, faces, usable, offset, vectors.get(0), vectors.tailMap(1));
    }

    Portrait without(int ordinal) {
        SortedMap<Integer, Embedding> left = new TreeMap<>(prototypes);
        left.remove(ordinal);
        return new Portrait(id, session, firstMicros, lastMicros, faces, usable, offset, centre, left);
    }
}
