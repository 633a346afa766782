package paseo.matching;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
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
    private static final String EVERY = "6 hours";

    private final AtomicReference<Double> latest = new AtomicReference<>(Double.NaN);

    RecallAudit(MeterRegistry registry) {
        Gauge.builder("paseo.gallery.recall", latest, AtomicReference::get)
                .description("Share of the ten nearest templates that a search finds, at the latest audit")
                .register(registry);
    }

    private record Probe(long sequence, Embedding embedding) {}

    /**
     * Looks, if that is due, and keeps what was found.
     *
     * @param memory of the pack, if there is any
     * @param changed whether there are new indexes
     * @return whether it has looked
     */
    boolean look(Connection connection, short pack, @Nullable GalleryMemory memory, boolean changed)
            throws SQLException {
        boolean approximate = (memory != null && memory.ready())
                || new GalleryPartitions(connection, pack).all().stream().anyMatch(GalleryPartition::indexed);
        if (!approximate || (!changed && recent(connection, pack))) {
            return false;
        }
        List<Probe> probes = probes(connection, pack);
        if (probes.isEmpty()) {
            return false;
        }
        long templates = Sql.one(
                connection,
                "SELECT count(*) FROM template WHERE pack_id = ? AND person IS NOT NULL",
                row -> row.getLong(1),
                pack);
        keep(connection, pack, templates, compare(connection, pack, memory, probes));
        return true;
    }

    private static boolean recent(Connection connection, short pack) throws SQLException {
        return Sql.one(
                connection,
                "SELECT EXISTS (SELECT FROM recall_audit WHERE pack_id = ? AND at > now() - interval '" + EVERY + "')",
                row -> row.getBoolean(1),
                pack);
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

    private record Comparison(int probes, double recall, double searchMillis, double exactMillis) {}

    private static Comparison compare(
            Connection connection, short pack, @Nullable GalleryMemory memory, List<Probe> probes) throws SQLException {
        int found = 0;
        int wanted = 0;
        double[] searchMillis = new double[probes.size()];
        double[] exactMillis = new double[probes.size()];
        GallerySearch search = new GallerySearch(connection, pack);
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            long start = System.nanoTime();
            Set<GallerySearch.Hit> near = new HashSet<>(
                    search.nearest(memory, probe.embedding(), probe.sequence(), Set.of(), Gallery.NEAREST));
            long searched = System.nanoTime();
            List<GallerySearch.Hit> nearest = search.hits(
                    search.exact(GallerySearch.PROBE, probe.sequence(), Set.of(), NEAREST), probe.embedding());
            exactMillis[i] = (System.nanoTime() - searched) / 1e6;
            searchMillis[i] = (searched - start) / 1e6;
            wanted += nearest.size();
            found += (int) nearest.stream().filter(near::contains).count();
        }
        return new Comparison(
                probes.size(), wanted == 0 ? 1 : found / (double) wanted, median(searchMillis), median(exactMillis));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void keep(Connection connection, short pack, long templates, Comparison found) throws SQLException {
        Sql.update(
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
        latest.set(found.recall());
        if (found.recall() < LEAST) {
            log.warn("searching {} templates finds only {} of the ten nearest", templates, found.recall());
        }
    }
}
