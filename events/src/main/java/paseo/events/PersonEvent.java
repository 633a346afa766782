package paseo.events;

import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A record of the topic of {@link Topics#PERSONS}: what became known later about who is who.
 *
 * @param id unique, the same when it is sent again
 * @param kind of event
 * @param person whose the sequences are from now on; {@link Kind#RELEASED}: whose they were
 * @param other whose they were before, 0 when nobody's
 * @param sequences that changed hands; none for {@link Kind#SILHOUETTE}. Where there are more than ten thousand,
 *     several events share them, which differ in nothing else but their ids
 * @param similarity cosine of the two sides, if they were compared
 * @param cause why, as one word
 * @param reverts number of the ledger's entry that this one undoes, 0 when none
 * @param silhouette in [-1, 1], for {@link Kind#SILHOUETTE} only; empty while unknown
 * @param modelPack what made the embeddings, {@code name@version}
 */
public record PersonEvent(
        String id,
        Kind kind,
        long person,
        long other,
        List<UUID> sequences,
        OptionalDouble similarity,
        String cause,
        long reverts,
        OptionalDouble silhouette,
        String modelPack) {
    /** What happened. */
    public enum Kind {
        /** Two numbers were one person; {@code other} means {@code person} from now on. */
        MERGED,
        /** Sequences left {@code other} and are a person of their own. */
        SPLIT,
        /** Sequences went from {@code other} to {@code person}. */
        REASSIGNED,
        /** Sequences that were nobody's became {@code person}'s. */
        ADOPTED,
        /** Sequences of {@code person} are nobody's again. */
        RELEASED,
        /** The person holds together better or worse than before. */
        SILHOUETTE
    }

    public PersonEvent {
        if (id.isBlank() || person <= 0) {
            throw new EventFormatException("an event about a person has an id and the person's number");
        }
        if (sequences.isEmpty() != (kind == Kind.SILHOUETTE)) {
            throw new EventFormatException("sequences change hands in every event but one about a silhouette");
        }
        sequences = List.copyOf(sequences);
    }
}
