package paseo.matching;

import java.util.UUID;

/**
 * A person at a glance.
 *
 * @param person pseudonymous number
 * @param firstSequence id of the earliest sequence
 * @param firstSeen start of the earliest sequence: of the session that arrived first, cameras by time
 * @param lastSeen end of the latest sequence
 * @param sequences how many
 * @param faces in all of them, usable or not
 * @param cohesion of the sequences
 */
public record PersonSummary(
        long person,
        UUID firstSequence,
        Moment firstSeen,
        Moment lastSeen,
        long sequences,
        long faces,
        Cohesion cohesion) {}
