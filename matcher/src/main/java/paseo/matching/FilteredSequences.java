package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * What a {@link SearchFilter} leaves, by sequence numbers: those of {@link StoredBetween}, and what lies between them
 * and the next others.
 *
 * @param cameras that saw them; empty for all
 * @param from their least number
 * @param beyond what all numbers are less than
 */
record FilteredSequences(Set<String> cameras, long from, long beyond) {
    /** Everything. */
    static final FilteredSequences ALL = new FilteredSequences(Set.of(), 0, Long.MAX_VALUE);

    FilteredSequences {
        cameras = Set.copyOf(cameras);
    }

    /*
     * As wide as it can be without taking in others, so that partitions are read whole: from behind those before, to
     * before those behind.
     */
    private static final String STRETCH = """
            SELECT least((%s), coalesce(
                    (SELECT no + 1 FROM sequence WHERE stored_at < ? ORDER BY stored_at DESC, no DESC LIMIT 1), 0)) AS first,
                greatest((%s) + 1, coalesce(
                    (SELECT no FROM sequence WHERE stored_at >= ? ORDER BY stored_at, no LIMIT 1), ?)) AS beyond
            """.formatted(StoredBetween.FROM, StoredBetween.TO);

    /** A time that is not given is before, or behind, all that can be. */
    private static final Instant FOR_EVER = Instant.parse("9999-12-31T00:00:00Z");

    static FilteredSequences of(SearchFilter filter, Connection connection) throws SQLException {
        if (filter.from().isEmpty() && filter.to().isEmpty()) {
            return new FilteredSequences(filter.cameras(), 0, Long.MAX_VALUE);
        }
        OffsetDateTime from = filter.from().orElse(Instant.EPOCH).atOffset(ZoneOffset.UTC);
        OffsetDateTime to = filter.to().orElse(FOR_EVER).atOffset(ZoneOffset.UTC);
        return Sql.one(
                connection,
                STRETCH,
                row -> new FilteredSequences(filter.cameras(), row.getLong("first"), row.getLong("beyond")),
                Long.MAX_VALUE,
                from,
                from,
                0L,
                to,
                to,
                Long.MAX_VALUE);
    }

    /** Whether it is everything. */
    boolean all() {
        return equals(ALL);
    }
}
