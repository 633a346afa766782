package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link SearchFilter} leaves, by sequence numbers, which follow the order in which sequences were first stored.
 *
 * @param cameras that saw them; empty for all
 * @param from their least number
 * @param beyond what all numbers are less than
 */
record FilteredSequences(Set<String> cameras, long from, long beyond) {
    /** Everything. */
    static final FilteredSequences ALL = new FilteredSequences(Set.of(), 0, Long.MAX_VALUE);

    private static final Instant FOR_EVER = Instant.parse("9999-12-31T00:00:00Z");

    FilteredSequences {
        cameras = Set.copyOf(cameras);
    }

    static FilteredSequences of(SearchFilter filter, Connection connection) throws SQLException {
        if (filter.from().isEmpty() && filter.to().isEmpty()) {
            return new FilteredSequences(filter.cameras(), 0, Long.MAX_VALUE);
        }
        // A time that is not given is before, or behind, all that can be.
        return Sql.one(
                connection,
                """
                SELECT coalesce(
                        (SELECT no + 1 FROM sequence WHERE stored_at < ? ORDER BY stored_at DESC, no DESC LIMIT 1), 0) AS first,
                    (SELECT no FROM sequence WHERE stored_at >= ? ORDER BY stored_at, no LIMIT 1) AS beyond
                """,
                row -> new FilteredSequences(
                        filter.cameras(),
                        row.getLong("first"),
                        Sql.optionalLong(row, "beyond").orElse(Long.MAX_VALUE)),
                time(filter.from(), Instant.EPOCH),
                time(filter.to(), FOR_EVER));
    }

    private static OffsetDateTime time(Optional<Instant> given, Instant otherwise) {
        return given.orElse(otherwise).atOffset(ZoneOffset.UTC);
    }

    /** Whether it is everything. */
    boolean all() {
        return equals(ALL);
    }
}
