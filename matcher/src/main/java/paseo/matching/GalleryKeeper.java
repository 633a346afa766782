package paseo.matching;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the partitions of the gallery: makes the next one in time, gives those that are left behind an index by
 * similarity, checks what searches find, and has memory read a gallery that is worth it and let go of what is deleted.
 * Nobody waits for it: indexes are built concurrently, one at a time in a deployment, on one core. An index that was
 * not finished, because the matcher or PostgreSQL was killed, is not used and made again.
 */
final class GalleryKeeper implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(GalleryKeeper.class);

    private static final Duration ROUND = Duration.ofSeconds(20);
    private static final long LOCK = 0x706173656f000006L;
    /** Fewer vectors than that are compared in a millisecond or two: an index would gain nothing. */
    static final long LEAST_TO_INDEX = 4_096;
    /** A vector in the graph while it is built: its own bytes, and links and a header of so many. */
    private static final long LINK_BYTES = 1_024;

    private static final long MOST_BUILD_MIB = 2_000;

    private final Database database;
    private final GalleryMemory memory;
    private final long least;
    private final Timer builds;
    private final RecallAudit audit;
    private final Rounds rounds = new Rounds(ROUND);
    /** Of tables without an index, as they were counted. By the thread that works alone. */
    private final Map<String, Count> counts = new HashMap<>();

    private volatile @Nullable Statement running;

    GalleryKeeper(Database database, GalleryMemory memory, MeterRegistry registry) {
        this(database, memory, registry, LEAST_TO_INDEX);
    }

    /** @param least vectors that are worth an index */
    GalleryKeeper(Database database, GalleryMemory memory, MeterRegistry registry, long least) {
        this.database = database;
        this.memory = memory;
        this.least = least;
        this.audit = new RecallAudit(database, registry);
        this.builds = Timer.builder("paseo.gallery.index")
                .description("Building the index of one partition of the gallery, beside everything else")
                .register(registry);
    }

    /** Works in rounds until {@link #stop()}. */
    @Override
    public void run() {
        rounds.run(this::round);
    }

    /** Also ends what is being built; it is begun again after the next start. */
    void stop() {
        rounds.stop();
        Statement building = running;
        if (building != null) {
            try {
                building.cancel();
            } catch (SQLException e) {
                log.debug("what is being built ends with its connection", e);
            }
        }
    }

    private void round() {
        try {
            look();
        } catch (SQLException e) {
            if (!rounds.stopped()) {
                log.warn("the gallery is searched as it is until the next round: {}", e.getMessage());
            }
        }
    }

    /** One round; gives how many indexes it has made. */
    int look() throws SQLException {
        if (!database.<Boolean>transaction(GalleryFill::done)) {
            return 0;
        }
        try (Connection connection = database.patient()) {
            connection.setAutoCommit(false);
            memory.load(connection);
            memory.forget(connection);
        }
        List<Short> packs = database.transaction(PackRows::all);
        int made = 0;
        for (short pack : packs) {
            database.transaction(connection -> {
                // Whoever writes holds up who makes a partition, and would then hold up everybody.
                Sql.update(connection, "SET LOCAL lock_timeout = '1s'");
                new GalleryPartitions(connection, pack).ahead();
                return true;
            });
            List<Unindexed> waiting = database.transaction(connection -> waiting(connection, pack));
            if (!waiting.isEmpty()) {
                made += index(waiting);
            }
            if (!rounds.stopped()) {
                boolean remembered = database.transaction(connection -> memory.of(connection, pack));
                audit.look(pack, remembered ? memory : null, made > 0);
            }
        }
        return made;
    }

    /** A partition without an index, and how many vectors that would be made over. */
    record Unindexed(GalleryPartition partition, long rows) {
        long buildMib() {
            return Math.min(MOST_BUILD_MIB, 64 + ((rows * (2L * partition.dimension() + LINK_BYTES)) >> 20));
        }
    }

    /**
     * Vectors that an index would be made over.
     *
     * @param changes to the table that PostgreSQL had counted before
     */
    private record Count(long changes, long rows) {}

    /** Partitions that want an index. */
    List<Unindexed> waiting(Connection connection, short pack) throws SQLException {
        List<Unindexed> waiting = new ArrayList<>();
        for (GalleryPartition partition : new GalleryPartitions(connection, pack).sealed()) {
            if (!partition.indexed()) {
                long rows = count(connection, partition.table());
                if (rows >= least) {
                    waiting.add(new Unindexed(partition, rows));
                }
            }
        }
        return waiting;
    }

    /** Counted once, and anew when the table has changed: those that never are worth an index become many. */
    private long count(Connection connection, String table) throws SQLException {
        // Before the rows: a change that is not counted yet is seen by the next look.
        long changes = Sql.one(connection, """
                SELECT pg_stat_get_tuples_inserted(t) + pg_stat_get_tuples_updated(t) + pg_stat_get_tuples_deleted(t)
                FROM (SELECT to_regclass(?)::oid AS t) AS one
                """, row -> row.getLong(1), table);
        Count known = counts.get(table);
        if (known == null || known.changes() != changes) {
            // Vectors of nobody are left out of the index, so they are none to make it for.
            known = new Count(
                    changes,
                    Sql.one(
                            connection,
                            "SELECT count(*) FROM " + table + " WHERE person IS NOT NULL",
                            row -> row.getLong(1)));
            counts.put(table, known);
        }
        return known.rows();
    }

    private int index(List<Unindexed> waiting) throws SQLException {
        int made = 0;
        try (Connection connection = database.patient()) {
            boolean alone = Sql.one(connection, "SELECT pg_try_advisory_lock(?)", row -> row.getBoolean(1), LOCK);
            for (Unindexed next : alone ? waiting : List.<Unindexed>of()) {
                if (!rounds.stopped()) {
                    index(connection, next);
                    made++;
                }
            }
        }
        return made;
    }

    private void index(Connection connection, Unindexed next) throws SQLException {
        GalleryPartition partition = next.partition();
        log.info("indexing {} templates of {}", next.rows(), partition.table());
        long start = System.nanoTime();
        run(connection, "SET maintenance_work_mem = '" + next.buildMib() + "MB'");
        // Searches and decisions need the other cores.
        run(connection, "SET max_parallel_maintenance_workers = 0");
        // Nobody else builds: what has the name is one that was not finished.
        run(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + partition.index());
        run(connection, """
                CREATE INDEX CONCURRENTLY %s ON %s USING hnsw (%s halfvec_ip_ops) WHERE person IS NOT NULL
                """.formatted(partition.index(), partition.table(), partition.indexed("embedding")));
        run(connection, "ANALYZE " + partition.table());
        long nanos = System.nanoTime() - start;
        builds.record(nanos, TimeUnit.NANOSECONDS);
        log.info("{} has its index after {} s", partition.table(), String.format(Locale.ROOT, "%.1f", nanos / 1e9));
    }

    private void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            if (!rounds.stopped()) {
                statement.execute(sql);
            }
        } finally {
            running = null;
        }
    }
}
