package paseo.matching;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A revision of who is who, as it was written.
 *
 * @param position in the ledger, from 1
 * @param kind {@code MERGED}, {@code SPLIT}, {@code REASSIGNED}, {@code ADOPTED}, {@code RELEASED}, {@code DROPPED} or
 *     {@code RESTORED}
 * @param from whose the sequences were
 * @param to whose they became
 * @param sequences that changed hands, or the one whose vector was dropped or restored
 * @param cause what spoke for it, as one word
 * @param similarity of the two sides, if they were compared
 * @param calibration version of the thresholds, empty when a person decided
 * @param reverts position of the entry that this one undoes
 */
public record LedgerEntry(
        long position,
        String kind,
        OptionalLong from,
        OptionalLong to,
        List<UUID> sequences,
        String cause,
        OptionalDouble similarity,
        String calibration,
        OptionalLong reverts) {}
