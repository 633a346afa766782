package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * The templates of a pack that are nearest to a vector, within one transaction: a part of a statement. While no
 * partition is indexed it compares with everything. Then each partition gives its nearest, an indexed one by its index,
 * and the nearest of all are taken.
 */
final class GallerySearch {
    /** Columns {@code person}, {@code sequence_no}, {@code ordinal}; the nearest first in none. */
    record Part(String sql, List<@Nullable Object> parameters) {}

    private static final String COLUMNS = "t.person, t.sequence_no, t.ordinal";
    private static final String OTHERS = "t.person IS NOT NULL AND t.person <> ALL (?) AND t.sequence_no <> ?";

    /** Bytes are coarser than the vectors, and some of what is named is nobody's, gone, or the probe's own. */
    private static final int NAMED_PER_WANTED = 2;

    private static final int NAMED_IN_VAIN = 20;

    private final Connection connection;
    private final short pack;

    GallerySearch(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /**
     * The nearest templates that stand for persons.
     *
     * @param probe an expression of type {@code halfvec} without parameters, which the statement knows
     * @param sequence whose own templates do not count
     * @param excluded persons who do not count
     * @param most how many
     */
    Part nearest(String probe, long sequence, Set<Long> excluded, int most) throws SQLException {
        List<GalleryPartition> partitions = new GalleryPartitions(connection, pack).all();
        if (partitions.stream().noneMatch(GalleryPartition::indexed)) {
            return exact(probe, sequence, excluded, most);
        }
        Part others = new Part(OTHERS, List.of(excluded.toArray(Long[]::new), sequence));
        return merged(
                partitions.stream()
                        .map(partition -> arm(partition, probe, others, most))
                        .toList(),
                most);
    }

    /**
     * The same from memory, which names more than are wanted; what it has named is read here.
     *
     * @param vector the probe
     */
    Part named(GalleryMemory memory, Embedding vector, String probe, long sequence, Set<Long> excluded, int most)
            throws SQLException {
        long[] names = memory.nearest(connection, pack, vector.toArray(), NAMED_PER_WANTED * most + NAMED_IN_VAIN);
        Long[] sequences =
                Arrays.stream(names).mapToObj(GalleryMemory::sequence).toArray(Long[]::new);
        Short[] ordinals = Arrays.stream(names).mapToObj(GalleryMemory::ordinal).toArray(Short[]::new);
        return new Part(
                "SELECT " + COLUMNS + """
                 FROM unnest(?::bigint[], ?::smallint[]) AS k (no, ordinal)
                JOIN template t ON t.sequence_no = k.no AND t.ordinal = k.ordinal
                WHERE t.pack_id = ? AND\s""" + OTHERS + " ORDER BY t.embedding <#> " + probe + " LIMIT ?",
                List.of(sequences, ordinals, pack, excluded.toArray(Long[]::new), sequence, most));
    }

    /** The same by comparing with everything: the expression is none that an index is made over. */
    Part exact(String probe, long sequence, Set<Long> excluded, int most) {
        return new Part(
                "SELECT " + COLUMNS + " FROM template t WHERE t.pack_id = ? AND " + OTHERS
                        + " ORDER BY t.embedding <#> " + probe + " LIMIT ?",
                List.of(pack, excluded.toArray(Long[]::new), sequence, most));
    }

    /**
     * The nearest templates of those whom a filter leaves.
     *
     * @param probe an expression of type {@code halfvec} without parameters, which the statement knows
     */
    Part nearest(String probe, SearchFilter filter, int most) throws SQLException {
        if (filter.equals(SearchFilter.NONE)) {
            return nearest(probe, 0, Set.of(), most);
        }
        long from = filter.from().isPresent() ? afterThoseBefore(filter.from().get()) : 0;
        long to = filter.to().isPresent() ? firstFrom(filter.to().get()) : Long.MAX_VALUE;
        if (!filter.cameras().isEmpty()) {
            return ofCameras(probe, filter.cameras(), from, to, most);
        }
        List<Part> arms = new ArrayList<>();
        for (GalleryPartition partition : new GalleryPartitions(connection, pack).all()) {
            if (partition.meets(from, to)) {
                // Of a part of it all are compared: an index would find others, which would have to be left out.
                GalleryPartition read = partition.within(from, to) ? partition : partition.part(from, to);
                arms.add(arm(read, probe, new Part("t.person IS NOT NULL", List.of()), most));
            }
        }
        return arms.isEmpty()
                ? new Part("SELECT " + COLUMNS + " FROM template t WHERE false", List.of())
                : merged(arms, most);
    }

    private static Part arm(GalleryPartition partition, String probe, Part condition, int most) {
        // Numbers stand in the text, so that other partitions are not even looked at when the statement is planned.
        String embedding = partition.indexed() ? partition.indexed("t.embedding") : "t.embedding";
        List<@Nullable Object> parameters = new ArrayList<>(condition.parameters());
        parameters.add(most);
        return new Part(
                "(SELECT " + COLUMNS + ", " + embedding + " <#> " + probe
                        + " AS distance FROM template t WHERE t.pack_id = "
                        + partition.pack() + " AND t.sequence_no >= " + partition.first() + " AND t.sequence_no < "
                        + partition.beyond() + " AND " + condition.sql() + " ORDER BY distance LIMIT ?)",
                parameters);
    }

    private static Part merged(List<Part> arms, int most) {
        List<@Nullable Object> parameters = arms.stream()
                .flatMap(arm -> arm.parameters().stream())
                .collect(Collectors.toCollection(ArrayList::new));
        parameters.add(most);
        return new Part(
                "SELECT t.person, t.sequence_no, t.ordinal FROM ("
                        + arms.stream().map(Part::sql).collect(Collectors.joining(" UNION ALL "))
                        + ") AS t ORDER BY t.distance LIMIT ?",
                parameters);
    }

    private Part ofCameras(String probe, Set<String> cameras, long from, long to, int most) {
        return new Part(
                "SELECT " + COLUMNS + """
                 FROM camera_session c
                JOIN sequence s ON s.session_id = c.id
                JOIN template t ON t.pack_id = s.pack_id AND t.sequence_no = s.no
                WHERE c.camera = ANY (?) AND s.pack_id = ? AND s.no >= ? AND s.no < ? AND t.person IS NOT NULL
                ORDER BY t.embedding <#>\s""" + probe + " LIMIT ?",
                List.of(cameras.toArray(String[]::new), pack, from, to, most));
    }

    /** The number behind that of the last sequence that was stored before a time. */
    private long afterThoseBefore(Instant time) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT no + 1 FROM sequence WHERE stored_at < ? ORDER BY stored_at DESC, no DESC LIMIT 1",
                        row -> row.getLong(1),
                        time.atOffset(ZoneOffset.UTC))
                .orElse(0L);
    }

    /** The number of the first sequence that was stored at a time or later. */
    private long firstFrom(Instant time) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT no FROM sequence WHERE stored_at >= ? ORDER BY stored_at, no LIMIT 1",
                        row -> row.getLong(1),
                        time.atOffset(ZoneOffset.UTC))
                .orElse(Long.MAX_VALUE);
    }
}
