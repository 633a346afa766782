package paseo.matching;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Embedding;

/**
 * Checks what a search of the gallery finds of what comparing with everything finds: templates of the gallery are
 * looked up both ways, each without its own sequence. The search is the one that decides: from memory where that is
 * ready, else by the indexes. Where there is neither, both ways are the same.
 */
final class RecallAudit {
    private static final Logger log = LoggerFactory.getLogger(RecallAudit.class);

    private static final int PROBES = 24;
    private static final int NEAREST = 10;
    private static final double LEAST = 0.98;
    private static final Duration EVERY = Duration.ofHours(6);

    private final Database database;
    private final AtomicReference<Double> latest = new AtomicReference<>(Double.NaN);
    /** When an audit of a pack met the limit of a statement: the next one would, too. By the thread that looks. */
    private final Map<Short, Long> givenUp = new HashMap<>();

    RecallAudit(Database database, MeterRegistry registry) {
        this.database = database;
        Gauge.builder("paseo.gallery.recall", latest, AtomicReference::get)
                .description("Share of the ten nearest templates that a search finds, at the latest audit")
                .register(registry);
    }

    private record Probe(long sequence, Embedding embedding) {}

    /**
     * Looks, if that is due, and keeps what was found. Each template is looked up in a transaction of its own: all of
     * them take minutes, in which nothing could be vacuumed and no partition dropped.
     *
     * @param memory of the pack, if there is any
     * @param changed whether there are new indexes
     * @return whether it has looked
     */
    boolean look(short pack, @Nullable GalleryMemory memory, boolean changed) throws SQLException {
        if (!changed && justGivenUp(pack)) {
            return false;
        }
        try {
            return lookNow(pack, memory, changed);
        } catch (SQLException e) {
            if (!SqlFaults.timedOut(e)) {
                throw e;
            }
            givenUp.put(pack, System.nanoTime());
            log.warn(
                    "what searches find of the templates of pack {} takes too long to look at: {}",
                    pack,
                    e.getMessage());
            return false;
        }
    }

    private boolean justGivenUp(short pack) {
        Long at = givenUp.get(pack);
        return at != null && System.nanoTime() - at < EVERY.toNanos();
    }

    private boolean lookNow(short pack, @Nullable GalleryMemory memory, boolean changed) throws SQLException {
        List<Probe> probes = database.transaction(
                connection -> due(connection, pack, memory, changed) ? probes(connection, pack) : List.<Probe>of());
        if (probes.isEmpty()) {
            return false;
        }
        long templates = database.transaction(connection -> Sql.one(
                connection,
                "SELECT count(*) FROM template WHERE pack_id = ? AND person IS NOT NULL",
                row -> row.getLong(1),
                pack));
        List<Comparison> compared = new ArrayList<>();
        for (Probe probe : probes) {
            compared.add(database.transaction(connection -> compare(connection, pack, memory, probe)));
        }
        Found found = Found.of(compared);
        database.transaction(connection -> keep(connection, pack, templates, found));
        latest.set(found.recall());
        if (found.recall() < LEAST) {
            log.warn("searching {} templates finds only {} of the ten nearest", templates, found.recall());
        }
        return true;
    }

    private static boolean due(Connection connection, short pack, @Nullable GalleryMemory memory, boolean changed)
            throws SQLException {
        boolean approximate = (memory != null && memory.ready())
                || new GalleryPartitions(connection, pack).all().stream().anyMatch(GalleryPartition::indexed);
        return approximate && (changed || !recent(connection, pack));
    }

    private static boolean recent(Connection connection, short pack) throws SQLException {
        return Sql.one(
                connection,
                "SELECT EXISTS (SELECT FROM recall_audit WHERE pack_id = ? AND at > now() - make_interval(secs => ?))",
                row -> row.getBoolean(1),
                pack,
                EVERY.toSeconds());
    }

    /** Centres spread over the gallery, the same ones as long as it is the same. */
    private static List<Probe> probes(Connection connection, short pack) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT sequence_no, vector_send(embedding::vector) FROM template
                WHERE pack_id = ? AND ordinal = 0 AND person IS NOT NULL ORDER BY hashint8(sequence_no) LIMIT ?
                """,
                row -> new Probe(row.getLong(1), Embedding.normalised(Vectors.parse(row.getBytes(2)))),
                pack,
                PROBES);
    }

    /**
     * What became of one probe.
     *
     * @param found of those that are wanted
     * @param wanted the nearest
     */
    private record Comparison(int found, int wanted, double searchMillis, double exactMillis) {}

    private static Comparison compare(Connection connection, short pack, @Nullable GalleryMemory memory, Probe probe)
            throws SQLException {
        GallerySearch search = new GallerySearch(connection, pack);
        long start = System.nanoTime();
        Set<GallerySearch.Hit> near =
                new HashSet<>(search.nearest(memory, probe.embedding(), probe.sequence(), Set.of(), Gallery.NEAREST));
        long searched = System.nanoTime();
        List<GallerySearch.Hit> nearest =
                search.hits(search.exact(GallerySearch.PROBE, probe.sequence(), Set.of(), NEAREST), probe.embedding());
        long compared = System.nanoTime();
        return new Comparison(
                (int) nearest.stream().filter(near::contains).count(),
                nearest.size(),
                (searched - start) / 1e6,
                (compared - searched) / 1e6);
    }

    /** What became of all. */
    private record Found(int probes, double recall, double searchMillis, double exactMillis) {
        static Found of(List<Comparison> compared) {
            int found = compared.stream().mapToInt(Comparison::found).sum();
            int wanted = compared.stream().mapToInt(Comparison::wanted).sum();
            return new Found(
                    compared.size(),
                    wanted == 0 ? 1 : found / (double) wanted,
                    median(compared.stream().mapToDouble(Comparison::searchMillis)),
                    median(compared.stream().mapToDouble(Comparison::exactMillis)));
        }
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static int keep(Connection connection, short pack, long templates, Found found) throws SQLException {
        return Sql.update(
                connection,
                """
                INSERT INTO recall_audit (pack_id, templates, probes, recall, search_ms, exact_ms)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                pack,
                templates,
                found.probes(),
                found.recall(),
                found.searchMillis(),
                found.exactMillis());
    }
}
