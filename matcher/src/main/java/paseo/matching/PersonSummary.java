package paseo.matching;

/**
 * A person at a glance.
 *
 * @param person pseudonymous number
 * @param firstSeen start of the earliest sequence: of the session that arrived first, cameras by time
 * @param lastSeen end of the latest sequence
 * @param sequences how many
 * @param faces in all of them, usable or not
 * @param cohesion of the sequences
 */
public record PersonSummary(
        long person, Moment firstSeen, Moment lastSeen, long sequences, long faces, Cohesion cohesion) {}
