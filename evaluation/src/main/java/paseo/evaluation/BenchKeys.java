package paseo.evaluation;

import java.util.List;
import java.util.Optional;
import paseo.evaluation.report.BenchNumbers;

/** What the numbers of a benchmark mean, and what is asked of those that something is asked of. */
final class BenchKeys {
    /**
     * A number, or one for each size of gallery.
     *
     * @param path up to where sizes differ
     * @param goal empty when nothing is asked of it
     */
    record Key(String path, String meaning, String goal) {
        private boolean names(String other) {
            return other.equals(path) || (path.endsWith("_") && other.matches("\\Q" + path + "\\E\\d+[km]"));
        }
    }

    /** In the order of a page. */
    static final List<Key> ALL = List.of(
            new Key(
                    "pipeline.cpu_ratio.decoded",
                    "CPU of 'paseo run', all processes, over that of a loop of the same decoder and models",
                    "1.35 or less"),
            new Key("pipeline.cpu_ratio.packets", "the same with access units on the wire", "1.15 or less"),
            new Key(
                    "pipeline.latency_p95_ms",
                    "from a camera's picture, 25 a second, until a reader of the topic has its faces, 95 of 100",
                    "60 or less"),
            new Key("pipeline.latency_p50_ms", "… half of them", ""),
            new Key("pipeline.latency_pictures_per_s", "… how many of the 25 are looked at", ""),
            new Key(
                    "pipeline.cpu_ratio_per_frame.decoded",
                    "without what starting costs on both sides: the long clip less the shortest",
                    ""),
            new Key("pipeline.cpu_ratio_per_frame.packets", "the same with access units", ""),
            new Key("pipeline.cpu_ms_per_frame", "CPU of 'paseo run' a 1080p frame", ""),
            new Key("pipeline.peak_bytes", "memory of all processes, shared pages counted once", ""),
            new Key("matcher.recall_", "of the ten nearest templates, found by the matcher's search", ".98 or more"),
            new Key(
                    "matcher.decision_recall_",
                    "of whom the ten nearest are, among those whom a decision compares",
                    ""),
            new Key(
                    "matcher.cpu_ratio_hnswlib_",
                    "CPU of a search, client and PostgreSQL, over that of an HNSW graph of the same vectors at recall .98"
                            + " or more: hnswlib's algorithm and settings in plain Java, not hnswlib's C++, which needs"
                            + " a fraction of its CPU",
                    "3 or less through SQL, 1 with what is held in memory"),
            new Key("matcher.decision_cpu_ratio_hnswlib_", "the same of the whole search of a decision", ""),
            new Key(
                    "matcher.growth_",
                    "CPU of a search over that in the smallest gallery, both in times of the smallest's reference",
                    "2.0 or less from 100,000 to a million"),
            new Key("matcher.hnswlib_growth_", "the reference's own", ""),
            new Key("matcher.exact_cpu_ms_", "CPU of comparing with everything", ""),
            new Key("matcher.sql_hnsw_recall_", "found by PostgreSQL's own indexes, the open partition in full", ""),
            new Key("matcher.sql_hnsw_cpu_ratio_hnswlib_", "what that costs, over the reference", ""),
            new Key("matcher.filter_1pct_camera_recall_", "found among the one in a hundred that a camera saw", ".99"),
            new Key(
                    "matcher.filter_1pct_camera_cpu_ratio_",
                    "what that costs, over a search without filter",
                    "1 or less"),
            new Key("matcher.filter_1pct_time_recall_", "found among a hundredth of the time", ".99"),
            new Key(
                    "matcher.filter_1pct_time_cpu_ratio_",
                    "what that costs, over a search without filter",
                    "1 or less"),
            new Key("matcher.inserts_per_s", "templates stored a second while a thread searches", "1,000 or more"),
            new Key("matcher.inserts_not_seen_by_the_next_query", "of those that were looked for", "0"),
            new Key(
                    "streams.detections_per_core_s",
                    "records with two people that the tracker takes per second of its CPU, exactly once: of 1, 10 and"
                            + " 100 cameras the least",
                    ""),
            new Key("streams.cpu_ratio", "CPU of a record over that of a loop that reads, follows and writes it", ""),
            new Key("workers.gain.2", "frames a second of two workers over those of one", ""),
            new Key(
                    "gpu.agreement.faces",
                    "of the faces that the processor finds, found by the graphics processor",
                    "1"),
            new Key(
                    "gpu.agreement.least_similarity",
                    "between the embeddings that both compute of a face, the least",
                    ""));

    private BenchKeys() {}

    /** What a number is, if that needs to be said. */
    static Optional<Key> of(String path) {
        return ALL.stream().filter(key -> key.names(path)).findFirst();
    }

    /** Writes beside the numbers what they mean. */
    static void describe(BenchNumbers numbers) {
        for (BenchNumbers.Entry entry : numbers.entries()) {
            of(entry.path()).ifPresent(key -> numbers.state("meaning." + entry.path(), key.meaning()));
        }
    }
}
