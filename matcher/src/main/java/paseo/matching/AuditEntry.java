package paseo.matching;

import java.time.Instant;

/**
 * A row of the audit trail.
 *
 * @param position from 1, without gaps
 * @param at when, to the microsecond
 * @param actor name of the token that was used, or {@code command line}
 * @param action as one word: {@code merge}, {@code search}, {@code erase} …
 * @param subject what it was done to
 * @param outcome what came of it
 * @param hash over this row and, through the hash before it, over all earlier ones; hexadecimal
 */
public record AuditEntry(
        long position, Instant at, String actor, String action, String subject, String outcome, String hash) {}
