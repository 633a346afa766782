package paseo.matching;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Embedding;

/**
 * Names the templates that are probably near to a probe, from memory, much faster than an index of the database does.
 * It is fed from PostgreSQL and never believed: whoever asks reads what was named from there, so rows that are gone,
 * have changed hands or were never committed do no harm; {@link #forget} takes them out. What must not happen is that a
 * row is missing, hence before each search it takes up, in the transaction that searches, what has been written since.
 *
 * <p>{@code template.written} is the transaction that wrote a row. All transactions before the oldest one that still
 * ran at the latest look were over then: what they wrote is here. Rows written by it or by later ones are asked for
 * again.
 *
 * <p>While a gallery is small it stays empty, and everything is compared.
 */
final class GalleryMemory {
    private static final Logger log = LoggerFactory.getLogger(GalleryMemory.class);

    /** A sequence's number and an ordinal in one: a sequence is a group. */
    private static final int ORDINALS = NearTemplates.GROUP;
    /** Share of the heap that vectors may fill. */
    private static final double SHARE = 0.4;
    /** Share of that below which they are read again, once they were too many: or they would come and go. */
    private static final double ROOM = 0.9;

    /** Where a template is from, which never changes; looked up for each, since there are few. */
    private static final String CAMERA =
            "(SELECT c.camera FROM sequence s JOIN camera_session c ON c.id = s.session_id WHERE s.no = t.sequence_no)";

    private final String modelPack;
    private final long mostBytes;
    private @Nullable NearTemplates near;
    private String horizon = "0";
    /** Which filling of the gallery was read: PostgreSQL loses it in a crash, and some of what is made again is new. */
    private String filling = "";

    private Set<Written> recent = new HashSet<>();
    /** Names of what was taken up while rows that are gone are looked for; null while they are not. */
    private @Nullable Set<Long> meanwhile;

    private final GalleryLosses losses = new GalleryLosses();
    private boolean tooLarge;

    GalleryMemory(String modelPack) {
        this(modelPack, (long) (SHARE * Runtime.getRuntime().maxMemory()));
    }

    /** @param mostBytes that vectors may take */
    GalleryMemory(String modelPack, long mostBytes) {
        this.modelPack = modelPack;
        this.mostBytes = mostBytes;
    }

    private record Written(long name, String by) {}

    private record Held(String camera, Embedding vector) {}

    /** Vectors that are held, replaced ones included. */
    synchronized long size() {
        return near == null ? 0 : near.size();
    }

    /** Whether searches can be answered. */
    synchronized boolean ready() {
        return near != null;
    }

    /** Whether it is of that pack. */
    boolean of(Connection connection, short pack) throws SQLException {
        return modelPack.equals(PackRows.nameOf(connection, pack));
    }

    /** The sequence of a template that was named. */
    static long sequence(long name) {
        return name / ORDINALS;
    }

    /** The ordinal of a template that was named. */
    static short ordinal(long name) {
        return (short) (name % ORDINALS);
    }

    /**
     * Reads the whole gallery, if that is worth it: when some of it no longer grows, and all of it fits.
     *
     * @param connection without limits of time, not committing by itself
     * @return whether it was read
     */
    boolean load(Connection connection) throws SQLException {
        if (ready()) {
            return false;
        }
        Optional<String> filled = GalleryFill.id(connection);
        Optional<Short> found = new PackRows(connection).find(modelPack);
        return filled.isPresent()
                && found.isPresent()
                && !new GalleryPartitions(connection, found.get()).sealed().isEmpty()
                && (!tooLarge() || roomAgain(connection, found.get()))
                && load(connection, found.get(), filled.get());
    }

    private synchronized boolean tooLarge() {
        return tooLarge;
    }

    /** By PostgreSQL's own counts, which cost nothing: what they have room for is counted before it is read. */
    private boolean roomAgain(Connection connection, short pack) throws SQLException {
        long templates = Sql.one(connection, """
                SELECT coalesce(sum(pg_stat_get_live_tuples(to_regclass('template_' || pack_id || '_' || first))), 0)
                FROM gallery_partition WHERE pack_id = ?
                """, row -> row.getLong(1), pack);
        return templates * NearTemplates.bytes(new PackRows(connection).dimensionOf(pack)) < ROOM * mostBytes;
    }

    private boolean load(Connection connection, short pack, String filled) throws SQLException {
        int dimension = new PackRows(connection).dimensionOf(pack);
        long templates =
                Sql.one(connection, "SELECT count(*) FROM template WHERE pack_id = ?", row -> row.getLong(1), pack);
        synchronized (this) {
            tooLarge = templates * NearTemplates.bytes(dimension) > mostBytes;
            if (tooLarge) {
                log.info("{} templates do not fit into memory: they are searched in the database", templates);
                return false;
            }
        }
        repairRestored(connection, pack);
        GalleryLosses.Look look = losses.look(connection, pack);
        String before = xmin(connection);
        NearTemplates read = new NearTemplates(dimension);
        Sql.stream(
                connection,
                "SELECT t.sequence_no, t.ordinal, vector_send(t.embedding::vector), " + CAMERA
                        + " FROM template t WHERE t.pack_id = ? ORDER BY t.sequence_no, t.ordinal",
                row -> {
                    read.add(name(row.getLong(1), row.getInt(2)), camera(row, 4), Vectors.parse(row.getBytes(3)));
                    return true;
                },
                added -> {},
                pack);
        connection.commit();
        synchronized (this) {
            near = read;
            horizon = before;
            recent = new HashSet<>();
            filling = filled;
        }
        losses.done(look);
        log.info("{} templates are searched in memory", read.size());
        return true;
    }

    /**
     * Takes out what is no longer in the database: erased, past its retention, or replaced. By the thread that loads.
     *
     * <p>What it finds missing may have been written by a transaction that still runs. Such a row is asked for again,
     * as it was before; hence it is also taken out of those that are known already. Rows that searches come across
     * meanwhile stay.
     *
     * @param connection not committing by itself, without changes of its own
     */
    void forget(Connection connection) throws SQLException {
        synchronized (this) {
            if (near == null) {
                return;
            }
            meanwhile = new HashSet<>();
        }
        try {
            Optional<Short> pack = new PackRows(connection).find(modelPack);
            if (pack.isPresent()) {
                GalleryLosses.Look look = losses.look(connection, pack.get());
                for (GalleryLosses.Range range : look.ranges()) {
                    forget(connection, pack.get(), range);
                }
                losses.done(look);
            }
            connection.commit();
        } finally {
            synchronized (this) {
                meanwhile = null;
            }
        }
    }

    private void forget(Connection connection, short pack, GalleryLosses.Range range) throws SQLException {
        Set<Long> doubled = doubled(range);
        Long[] sequences =
                doubled.stream().map(GalleryMemory::sequence).distinct().toArray(Long[]::new);
        Set<Long> there = new HashSet<>();
        Map<Long, Held> vectors = new LinkedHashMap<>();
        Sql.stream(
                connection,
                """
                SELECT t.sequence_no, t.ordinal,
                    CASE WHEN t.sequence_no = ANY (?) THEN vector_send(t.embedding::vector) END,
                    CASE WHEN t.sequence_no = ANY (?) THEN %s END
                FROM template t WHERE t.pack_id = ? AND t.sequence_no >= ? AND t.sequence_no < ?
                ORDER BY t.sequence_no, t.ordinal
                """.formatted(CAMERA),
                row -> {
                    long name = name(row.getLong(1), row.getInt(2));
                    there.add(name);
                    if (doubled.contains(name)) {
                        vectors.put(
                                name, new Held(camera(row, 4), Embedding.normalised(Vectors.parse(row.getBytes(3)))));
                    }
                    return true;
                },
                read -> {},
                sequences,
                sequences,
                pack,
                range.first(),
                range.beyond());
        replace(name -> range.holds(sequence(name)) && (!there.contains(name) || doubled.contains(name)), vectors);
    }

    /** Names that were taken up more than once: templates that replaced earlier ones. */
    private synchronized Set<Long> doubled(GalleryLosses.Range range) {
        Set<Long> once = new HashSet<>();
        return near == null
                ? Set.of()
                : Arrays.stream(near.names())
                        .filter(name -> range.holds(sequence(name)) && !once.add(name))
                        .boxed()
                        .collect(Collectors.toSet());
    }

    private synchronized void replace(LongPredicate gone, Map<Long, Held> vectors) {
        NearTemplates templates = near;
        Set<Long> stays = meanwhile;
        if (templates == null || stays == null) {
            return;
        }
        LongPredicate goes = name -> gone.test(name) && !stays.contains(name);
        templates.remove(goes);
        recent.removeIf(written -> goes.test(written.name()));
        vectors.forEach((name, held) -> {
            if (goes.test(name)) {
                templates.add(name, held.camera(), held.vector().toArray());
            }
        });
    }

    /** In another cluster transactions are numbered anew: rows that seem to come from the future are of before. */
    private static void repairRestored(Connection connection, short pack) throws SQLException {
        Sql.update(
                connection,
                "UPDATE template SET written = '0' WHERE pack_id = ? AND written > pg_snapshot_xmax(pg_current_snapshot())",
                pack);
    }

    private static String xmin(Connection connection) throws SQLException {
        return Sql.one(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text", row -> row.getString(1));
    }

    /** The least name of a sequence's; of one beyond all that there can be, what is beyond all names. */
    private static long name(long sequence) {
        return sequence > Long.MAX_VALUE / ORDINALS ? Long.MAX_VALUE : sequence * ORDINALS;
    }

    private static long name(long sequence, int ordinal) {
        return sequence * ORDINALS + ordinal;
    }

    private static String camera(ResultSet row, int column) throws SQLException {
        // Nobody asks for a camera without a name.
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    /**
     * Names of templates that are probably nearest, at most so many, in this transaction's view.
     *
     * @param left among which is searched
     * @throws SQLTransactionRollbackException if it is not {@link #ready()} any more: the transaction must be repeated
     */
    synchronized long[] nearest(Connection connection, short pack, float[] probe, FilteredSequences left, int most)
            throws SQLException {
        NearTemplates templates = near;
        if (templates == null) {
            throw new SQLTransactionRollbackException("memory has given the gallery up", SqlFaults.SERIALISATION);
        }
        takeUp(connection, pack, templates);
        if (templates.size() * NearTemplates.bytes(probe.length) > mostBytes) {
            log.warn("{} templates no longer fit into memory: they are searched in the database", templates.size());
            near = null;
            recent = new HashSet<>();
            tooLarge = true;
        }
        return left.all()
                ? templates.nearest(probe, most)
                : templates.nearest(probe, left.cameras(), name(left.from()), name(left.beyond()), most);
    }

    private record Row(
            String xmin,
            long name,
            @Nullable String by,
            @Nullable Embedding vector,
            String camera,
            @Nullable String filling) {}

    private static @Nullable Embedding embedding(byte @Nullable [] sent) {
        return sent == null ? null : Embedding.normalised(Vectors.parse(sent));
    }

    /**
     * What was written since, this transaction's own included; one statement, so that both sides see the same.
     *
     * <p>Bounds are subqueries, so that PostgreSQL takes the range to be small without knowing them: then it keeps one
     * plan instead of making one for each value, which takes longer than all the rest where there are many partitions.
     */
    private void takeUp(Connection connection, short pack, NearTemplates templates) throws SQLException {
        List<Row> rows = Sql.query(
                connection,
                """
                SELECT pg_snapshot_xmin(pg_current_snapshot())::text, t.sequence_no, t.ordinal, t.written::text,
                    vector_send(t.embedding::vector), %s, (SELECT id::text FROM gallery_filled)
                FROM (SELECT 1) AS one LEFT JOIN template t ON t.pack_id = ? AND t.written >= (SELECT ?::xid8)
                    AND t.written <= (SELECT '18446744073709551615'::xid8)
                ORDER BY t.sequence_no, t.ordinal
                """.formatted(CAMERA),
                row -> new Row(
                        row.getString(1),
                        name(row.getLong(2), row.getInt(3)),
                        row.getString(4),
                        embedding(row.getBytes(5)),
                        camera(row, 6),
                        row.getString(7)),
                pack,
                horizon);
        if (!filling.equals(rows.get(0).filling())) {
            near = null;
            throw new SQLTransactionRollbackException(
                    "PostgreSQL has lost the gallery that memory knows", SqlFaults.SERIALISATION);
        }
        Set<Written> now = new HashSet<>();
        for (Row row : rows) {
            if (row.by() != null && row.vector() != null) {
                Written written = new Written(row.name(), row.by());
                now.add(written);
                if (meanwhile != null) {
                    meanwhile.add(row.name());
                }
                if (!recent.contains(written)) {
                    templates.add(row.name(), row.camera(), row.vector().toArray());
                }
            }
        }
        recent = now;
        horizon = rows.get(0).xmin();
    }
}
