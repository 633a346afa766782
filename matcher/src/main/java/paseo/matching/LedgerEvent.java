package paseo.matching;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * One revision of who is who, such that its opposite is one too.
 *
 * @param kind of revision
 * @param from whose the sequences were, {@link #NOBODY} when nobody's
 * @param to whose they are from now on, {@link #NOBODY} when nobody's; for a dropped vector the same person as before
 * @param sequences that change hands, or the one whose vector is dropped or restored; sorted, never empty
 * @param ordinal of the vector within its sequence's template, for {@link Kind#DROPPED} and {@link Kind#RESTORED}
 * @param cause why
 * @param similarity of the two sides, if they were compared
 */
record LedgerEvent(
        Kind kind,
        long from,
        long to,
        List<UUID> sequences,
        OptionalInt ordinal,
        Cause cause,
        OptionalDouble similarity) {
    static final long NOBODY = 0;

    /** What changes. */
    enum Kind {
        /** All sequences of {@code from} go to {@code to}, the older number, which {@code from} means from now on. */
        MERGED,
        /** Sequences leave {@code from} and are {@code to}: a new person, or one who was merged. */
        SPLIT,
        /** Sequences go from one person to another; both remain. */
        REASSIGNED,
        /** Nobody's sequences become those of {@code to}, which may be new. */
        ADOPTED,
        /** Sequences of {@code from} become nobody's. */
        RELEASED,
        /** A prototype is left out of searches. */
        DROPPED,
        /** A prototype is searched again. */
        RESTORED;

        /** What undoes it. */
        Kind opposite() {
            return switch (this) {
                case MERGED -> SPLIT;
                case SPLIT -> MERGED;
                case REASSIGNED -> REASSIGNED;
                case ADOPTED -> RELEASED;
                case RELEASED -> ADOPTED;
                case DROPPED -> RESTORED;
                case RESTORED -> DROPPED;
            };
        }

        /** Whether it is about a single vector. */
        boolean ofVector() {
            return this == DROPPED || this == RESTORED;
        }
    }

    /** What spoke for a revision. */
    enum Cause {
        /** Two independent sequences say so. */
        AGREEMENT,
        /** The two are more alike than any two strangers among as many people are expected to be. */
        CLOSE,
        /** Somebody decided it. */
        HAND,
        /** The sequence shares a frame with another one of its person. */
        SAME_FRAME,
        /** Another person is far nearer. */
        NEARER,
        /** Nothing else of its person is like it. */
        UNLIKE,
        /** The person falls into two groups. */
        TWO_GROUPS,
        /** It would be recognised by now. */
        RECOGNISED,
        /** It would be a new person by now. */
        NEW,
        /** Two sequences together have the faces that a new person needs. */
        POOLED,
        /** The vector is like another person and not like its own. */
        OUTLIER,
        /** Undoes an earlier entry. */
        UNDO
    }

    LedgerEvent {
        sequences = sequences.stream().sorted().toList();
        boolean sides = kind.ofVector()
                ? from == to && from != NOBODY && sequences.size() == 1 && ordinal.isPresent()
                : from != to && ordinal.isEmpty();
        boolean ends = (from == NOBODY) == (kind == Kind.ADOPTED) && (to == NOBODY) == (kind == Kind.RELEASED);
        if (sequences.isEmpty() || !sides || !ends || (kind == Kind.MERGED && to > from)) {
            throw new IllegalArgumentException("no such revision: " + kind + " from " + from + " to " + to);
        }
    }

    /** Sequences change hands. */
    static LedgerEvent moved(
            Kind kind, long from, long to, List<UUID> sequences, Cause cause, OptionalDouble similarity) {
        return new LedgerEvent(kind, from, to, sequences, OptionalInt.empty(), cause, similarity);
    }

    /** A vector of a person's sequence is no longer searched. */
    static LedgerEvent dropped(long person, UUID sequence, int ordinal, double similarity) {
        return new LedgerEvent(
                Kind.DROPPED,
                person,
                person,
                List.of(sequence),
                OptionalInt.of(ordinal),
                Cause.OUTLIER,
                OptionalDouble.of(similarity));
    }

    /** What undoes it. */
    LedgerEvent opposite() {
        return new LedgerEvent(kind.opposite(), to, from, sequences, ordinal, Cause.UNDO, OptionalDouble.empty());
    }
}
