package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import paseo.events.Embedding;

/**
 * The templates of a pack that are nearest to a vector, within one transaction. While no partition is indexed it
 * compares with everything. Then memory names them; where there is none, each partition gives its nearest, an indexed
 * one by its index, and the nearest of all are taken. A filter chooses what is compared, all of which is.
 */
final class GallerySearch {
    /** Columns {@code person}, {@code sequence_no}, {@code ordinal}; the nearest first in none. */
    record Part(String sql, List<@Nullable Object> parameters) {}

    /** A template that was found, and whose it is. */
    record Hit(long person, long sequence, int ordinal) {}

    /** The probe in a statement that {@link #hits} makes of a part. */
    static final String PROBE = "(SELECT embedding FROM probe)";

    private static final String COLUMNS = "t.person, t.sequence_no, t.ordinal";
    private static final String OTHERS = "t.person IS NOT NULL AND t.person <> ALL (?) AND t.sequence_no <> ?";

    /**
     * Named beyond what is wanted, and one more for so many: bytes are coarser than the vectors, and some of what is
     * named is nobody's, gone, or the probe's own.
     */
    private static final int NAMED_IN_VAIN = 14;

    private static final int WANTED_PER_NAMED = 8;
    /** Where that was not enough, so many times as many are named, up to a bound. */
    private static final int MORE = 4;

    private static final int MOST_NAMED = 10_000;

    private final Connection connection;
    private final short pack;

    GallerySearch(Connection connection, short pack) {
        this.connection = connection;
        this.pack = pack;
    }

    /** Runs a part, for a probe that it knows as {@link #PROBE}. */
    List<Hit> hits(Part part, Embedding probe) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(Vectors.text(probe));
        parameters.addAll(part.parameters());
        return Sql.query(
                connection,
                "WITH probe AS MATERIALIZED (SELECT ?::halfvec AS embedding)"
                        + " SELECT hit.person, hit.sequence_no, hit.ordinal FROM (" + part.sql() + ") AS hit",
                row -> new Hit(row.getLong("person"), row.getLong("sequence_no"), row.getInt("ordinal")),
                parameters.toArray());
    }

    /**
     * The nearest templates that stand for persons, without memory.
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

    /** The same, from memory where that is ready. */
    List<Hit> nearest(@Nullable GalleryMemory memory, Embedding probe, long sequence, Set<Long> excluded, int most)
            throws SQLException {
        return memory != null && memory.ready()
                ? named(memory, probe, FilteredSequences.ALL, sequence, excluded, most)
                : hits(nearest(PROBE, sequence, excluded, most), probe);
    }

    /** The nearest templates of those whom a filter leaves, from memory where that is ready. */
    List<Hit> nearest(@Nullable GalleryMemory memory, Embedding probe, SearchFilter filter, int most)
            throws SQLException {
        return memory != null && memory.ready()
                ? named(memory, probe, FilteredSequences.of(filter, connection), 0, Set.of(), most)
                : hits(nearest(PROBE, filter, most), probe);
    }

    /** From memory, which names more than are wanted; what it has named is read here. */
    private List<Hit> named(
            GalleryMemory memory, Embedding probe, FilteredSequences left, long sequence, Set<Long> excluded, int most)
            throws SQLException {
        float[] vector = probe.toArray();
        for (int asked = most + most / WANTED_PER_NAMED + NAMED_IN_VAIN; ; asked *= MORE) {
            long[] names = memory.nearest(connection, pack, vector, left, asked);
            List<Hit> found = hits(named(names, sequence, excluded, most), probe);
            if (found.size() >= most || names.length < asked || asked > MOST_NAMED) {
                return found;
            }
        }
    }

    private Part named(long[] names, long sequence, Set<Long> excluded, int most) {
        // What was replaced and is not yet forgotten is named twice.
        long[] once = Arrays.stream(names).distinct().toArray();
        Long[] sequences = Arrays.stream(once).mapToObj(GalleryMemory::sequence).toArray(Long[]::new);
        Short[] ordinals = Arrays.stream(once).mapToObj(GalleryMemory::ordinal).toArray(Short[]::new);
        return new Part(
                "SELECT " + COLUMNS + """
                 FROM unnest(?::bigint[], ?::smallint[]) AS k (no, ordinal)
                JOIN template t ON t.sequence_no = k.no AND t.ordinal = k.ordinal
                WHERE t.pack_id = ? AND\s""" + OTHERS + " ORDER BY t.embedding <#> " + PROBE + " LIMIT ?",
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
     * The nearest templates of those whom a filter leaves, without memory.
     *
     * @param probe an expression of type {@code halfvec} without parameters, which the statement knows
     */
    Part nearest(String probe, SearchFilter filter, int most) throws SQLException {
        FilteredSequences left = FilteredSequences.of(filter, connection);
        if (left.all()) {
            return nearest(probe, 0, Set.of(), most);
        }
        @Nullable NavigableSet<Long> seen = left.cameras().isEmpty() ? null : ofCameras(left.cameras());
        List<Part> arms = new ArrayList<>();
        for (GalleryPartition partition : new GalleryPartitions(connection, pack).all()) {
            if (partition.meets(left.from(), left.beyond())) {
                // Of a part of it all are compared: an index would find others, which would have to be left out.
                GalleryPartition read = partition.within(left.from(), left.beyond())
                        ? partition
                        : partition.part(left.from(), left.beyond());
                arm(read, seen, probe, most).ifPresent(arms::add);
            }
        }
        return arms.isEmpty()
                ? new Part("SELECT " + COLUMNS + " FROM template t WHERE false", List.of())
                : merged(arms, most);
    }

    /** @param seen numbers of the sequences that cameras saw; null for all */
    private static Optional<Part> arm(
            GalleryPartition partition, @Nullable NavigableSet<Long> seen, String probe, int most) {
        if (seen == null) {
            return Optional.of(arm(partition, probe, new Part("t.person IS NOT NULL", List.of()), most));
        }
        // Each partition is asked for its own alone, or it would look for all.
        Long[] own = seen.subSet(partition.first(), partition.beyond()).toArray(Long[]::new);
        Part condition = new Part("t.person IS NOT NULL AND t.sequence_no = ANY (?)", List.of((Object) own));
        return own.length == 0
                ? Optional.empty()
                : Optional.of(arm(partition.part(0, Long.MAX_VALUE), probe, condition, most));
    }

    /**
     * Numbers of the sequences that cameras saw. Asked first: PostgreSQL takes a camera to have seen as much as any
     * other, and would rather read the whole gallery beside.
     */
    private NavigableSet<Long> ofCameras(Set<String> cameras) throws SQLException {
        return new TreeSet<>(Sql.query(connection, """
                SELECT s.no FROM camera_session c JOIN sequence s ON s.session_id = c.id
                WHERE c.camera = ANY (?) AND s.pack_id = ?
                """, row -> row.getLong(1), cameras.toArray(String[]::new), pack));
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
}
