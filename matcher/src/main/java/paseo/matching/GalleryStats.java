package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the gallery lies in the database: packs, partitions, sizes, indexes, and what the latest audit of its searches
 * found. Read only.
 *
 * @param packs in the order in which they were first used
 */
public record GalleryStats(List<Pack> packs) {
    public GalleryStats {
        packs = List.copyOf(packs);
    }

    /**
     * The templates of one model pack.
     *
     * @param name {@code name@version}
     * @param dimension of its embeddings, 0 before the first template
     * @param persons who can be found
     * @param templates vectors, those of nobody included
     * @param partitions the oldest first
     * @param audit the latest, empty while everything is compared in full
     */
    public record Pack(
            String name,
            int dimension,
            long persons,
            long templates,
            List<Partition> partitions,
            Optional<Audit> audit) {
        public Pack {
            partitions = List.copyOf(partitions);
        }
    }

    /** What a partition is searched by. */
    public enum State {
        /** It is being written to: compared in full. */
        OPEN,
        /** Nothing more comes to it, and it is compared in full: too small for an index, or not indexed yet. */
        SEALED,
        /** By its index. */
        INDEXED
    }

    /**
     * A stretch of time.
     *
     * @param table of the database
     * @param since when the first sequence in it was stored, empty without one
     * @param templates vectors in it
     * @param bytes of its rows, pictures and other indexes
     * @param indexBytes of its index by similarity
     */
    public record Partition(
            String table, Optional<Instant> since, long templates, long bytes, long indexBytes, State state) {}

    /**
     * What searching found of what comparing with everything finds.
     *
     * @param at when
     * @param probes templates that were looked up
     * @param recall share of the ten nearest, 0 to 1
     * @param searchMillis of one search, the median
     * @param exactMillis of one comparison with everything, the median
     */
    public record Audit(Instant at, int probes, double recall, double searchMillis, double exactMillis) {}

    /**
     * Reads them.
     *
     * @throws UnusableDatabaseException if the database cannot be reached or used
     */
    public static GalleryStats of(DatabaseSettings settings) {
        try (Database database = Database.open(settings)) {
            return database.asked("read from the database", connection -> {
                long latest = GalleryPartitions.latest(connection);
                return new GalleryStats(Sql.query(
                        connection,
                        "SELECT id, name, coalesce(dimension, 0) AS dimension FROM model_pack ORDER BY id",
                        row -> pack(
                                connection,
                                row.getShort("id"),
                                row.getString("name"),
                                row.getInt("dimension"),
                                latest)));
            });
        }
    }

    private static Pack pack(Connection connection, short id, String name, int dimension, long latest)
            throws SQLException {
        List<Partition> partitions = partitions(connection, id, latest);
        return new Pack(
                name,
                dimension,
                new Gallery(connection, id).size(),
                partitions.stream().mapToLong(Partition::templates).sum(),
                partitions,
                audit(connection, id));
    }

    private static List<Partition> partitions(Connection connection, short pack, long latest) throws SQLException {
        List<Partition> partitions = new ArrayList<>();
        for (GalleryPartition partition : new GalleryPartitions(connection, pack).all()) {
            partitions.add(Sql.one(
                    connection,
                    """
                    SELECT (SELECT min(stored_at) FROM sequence WHERE no >= ? AND no < ? AND pack_id = ?) AS since,
                        (SELECT count(*) FROM %1$s) AS templates,
                        pg_total_relation_size('%1$s') - coalesce(pg_relation_size(to_regclass('%2$s')), 0) AS bytes,
                        coalesce(pg_relation_size(to_regclass('%2$s')), 0) AS index_bytes
                    """.formatted(partition.table(), partition.index()),
                    row -> new Partition(
                            partition.table(),
                            Optional.ofNullable(row.getObject("since", OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant),
                            row.getLong("templates"),
                            row.getLong("bytes"),
                            row.getLong("index_bytes"),
                            state(partition, latest)),
                    partition.first(),
                    partition.beyond(),
                    pack));
        }
        return partitions;
    }

    private static State state(GalleryPartition partition, long latest) {
        if (partition.indexed()) {
            return State.INDEXED;
        }
        return partition.beyond() <= latest ? State.SEALED : State.OPEN;
    }

    private static Optional<Audit> audit(Connection connection, short pack) throws SQLException {
        return Sql.first(
                connection,
                """
                SELECT at, probes, recall, search_ms, exact_ms FROM recall_audit
                WHERE pack_id = ? ORDER BY position DESC LIMIT 1
                """,
                row -> new Audit(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getInt("probes"),
                        row.getDouble("recall"),
                        row.getDouble("search_ms"),
                        row.getDouble("exact_ms")),
                pack);
    }
}
