package paseo.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.search.HnswReference;
import paseo.evaluation.search.NearestExactly;
import paseo.evaluation.search.PerturbedFaces;
import paseo.events.Embedding;
import paseo.matching.DatabaseSettings;
import paseo.matching.GalleryTrial;
import paseo.matching.SearchFilter;

/**
 * Galleries that grow, searched by the matcher and by a reference. The reference stays what it was in the smallest
 * gallery and is measured in turn with everything else, so that growth is a ratio of ratios and a machine that is
 * slower for a while is so for both.
 */
final class SearchStudy {
    private static final int PER_SEQUENCE = 5;
    private static final int SEQUENCES = 2;
    private static final int PER_PERSON = PER_SEQUENCE * SEQUENCES;
    private static final int PERSONS_A_BATCH = 4_000;
    private static final int PROBES = 200;
    /** Of what reads everything, or nearly: a hundredth of a second each, and more. */
    private static final int FEW_PROBES = 20;

    private static final int NEAREST = 10;
    /** What a search must find. */
    private static final double RECALL = 0.98;

    private static final int ROUNDS = 5;
    private static final int[] EFS = {10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320};
    /** A filter leaves one in so many. */
    private static final int RARE = 100;

    private static final int INSERT_WINDOWS = 5;
    /** Numbers of persons who are added while somebody searches. */
    private static final long NEWCOMERS = 1_000_000_000L;

    private final PerturbedFaces people;
    private final BenchNumbers numbers;
    private final double insertSeconds;
    private final boolean indexes;

    /**
     * @param insertSeconds how long templates are stored while somebody searches
     * @param indexes whether PostgreSQL's own are built in the smallest gallery, and measured
     */
    SearchStudy(PerturbedFaces people, BenchNumbers numbers, double insertSeconds, boolean indexes) {
        this.people = people;
        this.numbers = numbers;
        this.insertSeconds = insertSeconds;
        this.indexes = indexes;
    }

    /**
     * Fills and searches.
     *
     * @param sizes vectors in the galleries, the smallest first
     */
    void run(DatabaseSettings settings, List<Long> sizes) throws InterruptedException {
        long persons = sizes.get(0) / PER_PERSON;
        List<Embedding> probes = LongStream.range(0, PROBES)
                .mapToObj(
                        i -> people.template(i * persons / PROBES, 1, SEQUENCES).get(0))
                .toList();
        NearestExactly truth = new NearestExactly(probes, NEAREST);
        HnswReference reference = new HnswReference(Math.toIntExact(sizes.get(0)));
        numbers.put("matcher.probes", (double) PROBES);
        try (GalleryTrial gallery =
                GalleryTrial.open(settings, "bench@1", probes.get(0).dimension(), PER_SEQUENCE, SEQUENCES)) {
            @Nullable InMemory yardstick = null;
            double first = Double.NaN;
            for (long size : sizes) {
                fill(gallery, truth, size, yardstick == null ? reference::add : embedding -> {});
                if (yardstick == null) {
                    yardstick = reference(reference, probes, truth, size);
                }
                List<Double> ratios = measure(gallery, probes, truth, yardstick, size);
                if (Double.isNaN(first)) {
                    first = BenchNumbers.median(ratios);
                    if (indexes) {
                        inDatabase(gallery, probes, truth, yardstick, size);
                    }
                } else {
                    double smallest = first;
                    numbers.put(
                            "matcher.growth_" + name(size),
                            ratios.stream().map(ratio -> ratio / smallest).toList());
                }
            }
            // Last: newcomers have one sequence each, which what is filled in does not.
            inserts(gallery);
        }
    }

    private void fill(GalleryTrial gallery, NearestExactly truth, long size, Consumer<Embedding> reference) {
        Ticker ticker = new Ticker("templates");
        long start = System.nanoTime();
        while (gallery.size() < size) {
            long person = gallery.size() / PER_PERSON;
            long most = Math.min(PERSONS_A_BATCH, size / PER_PERSON - person);
            List<Embedding> batch = LongStream.range(person, person + most)
                    .parallel()
                    .boxed()
                    .flatMap(this::templates)
                    .toList();
            gallery.add(batch);
            truth.add(batch);
            batch.forEach(reference);
            ticker.at(gallery.size(), size);
        }
        double stored = seconds(start);
        gallery.settle();
        System.err.printf(
                Locale.ROOT, "%,d templates stored after %.0f s, read after %.0f s%n", size, stored, seconds(start));
    }

    private Stream<Embedding> templates(long person) {
        return IntStream.range(0, SEQUENCES)
                .mapToObj(occasion -> people.template(person, PER_SEQUENCE, occasion))
                .flatMap(List::stream);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** A way to search. */
    private interface Search extends Function<Embedding, List<Long>> {}

    /**
     * The reference at the smallest setting with which it finds what a search must find, or the largest there is. It
     * runs on one thread of this process, and is so quick that its rounds are repeated.
     */
    private record InMemory(HnswReference graph, int ef) implements Search {
        static final int REPEATED = 10;

        @Override
        public List<Long> apply(Embedding probe) {
            return graph.nearest(probe, NEAREST, ef);
        }
    }

    private InMemory reference(HnswReference graph, List<Embedding> probes, NearestExactly truth, long size) {
        InMemory way = new InMemory(graph, EFS[0]);
        double recall = recall(probes, way, truth.nearest());
        for (int i = 1; i < EFS.length && recall < RECALL; i++) {
            way = new InMemory(graph, EFS[i]);
            recall = recall(probes, way, truth.nearest());
        }
        numbers.put("matcher.hnswlib_recall_" + name(size), recall);
        return way;
    }

    private static double recall(List<Embedding> probes, Search search, List<List<Long>> wanted) {
        return NearestExactly.recall(probes.stream().map(search).toList(), wanted);
    }

    /** Gives the CPU of a query in times of the reference's, in rounds. */
    private List<Double> measure(
            GalleryTrial gallery, List<Embedding> probes, NearestExactly truth, InMemory yardstick, long size) {
        String name = name(size);
        Search search = probe -> gallery.nearest(probe, NEAREST);
        Search decide = probe -> gallery.decide(List.of(probe, probe));
        numbers.put("matcher.recall_" + name, recall(probes, search, truth.nearest()));
        numbers.put("matcher.decision_recall_" + name, recall(probes, decide, persons(truth.nearest())));
        List<List<Double>> cpu = rounds(probes, List.of(yardstick, search, decide));
        List<Double> ratios = ratios(cpu.get(1), cpu.get(0));
        numbers.put("matcher.hnswlib_cpu_ms_" + name, millis(cpu.get(0)));
        numbers.put("matcher.query_cpu_ms_" + name, millis(cpu.get(1)));
        numbers.put("matcher.decision_cpu_ms_" + name, millis(cpu.get(2)));
        numbers.put("matcher.cpu_ratio_hnswlib_" + name, ratios);
        numbers.put("matcher.decision_cpu_ratio_hnswlib_" + name, ratios(cpu.get(2), cpu.get(0)));
        Search exact = probe -> gallery.nearestExactly(probe, NEAREST);
        List<Embedding> few = probes.subList(0, FEW_PROBES);
        numbers.put(
                "matcher.exact_cpu_ms_" + name,
                millis(rounds(few, List.of(exact)).get(0)));
        filter(gallery, "camera", SearchFilter.ofCameras(List.of(GalleryTrial.RARE_CAMERA)), rare(size), search, size);
        long from = size / 2 / PER_PERSON * PER_PERSON;
        List<Long> stretch = LongStream.range(from, from + size / RARE).boxed().toList();
        filter(gallery, "time", gallery.between(from, from + size / RARE), stretch, search, size);
        return ratios;
    }

    /** The vectors of those whom the rare camera has seen. */
    private static List<Long> rare(long size) {
        return LongStream.range(0, size)
                .filter(vector -> vector / PER_PERSON % RARE == 0)
                .boxed()
                .toList();
    }

    /** Searches among some of the gallery, and in turn among all of it. */
    private void filter(
            GalleryTrial gallery, String by, SearchFilter filter, List<Long> left, Search unfiltered, long size) {
        List<Embedding> probes = IntStream.range(0, FEW_PROBES)
                .mapToLong(i -> left.get((int) ((long) i * left.size() / FEW_PROBES)) / PER_PERSON)
                .mapToObj(person -> people.template(person, 1, SEQUENCES).get(0))
                .toList();
        NearestExactly among = new NearestExactly(probes, NEAREST);
        for (int start = 0; start < left.size(); start += PER_PERSON) {
            long person = left.get(start) / PER_PERSON;
            int offset = (int) (left.get(start) % PER_PERSON);
            List<Embedding> all = templates(person).toList();
            among.add(all.subList(offset, Math.min(all.size(), offset + left.size() - start)));
        }
        List<List<Long>> wanted = among.nearest().stream()
                .map(nearest -> nearest.stream()
                        .map(place -> left.get(place.intValue()))
                        .toList())
                .toList();
        Search filtered = probe -> gallery.nearest(probe, filter, NEAREST);
        List<List<Double>> cpu = rounds(probes, List.of(unfiltered, filtered));
        String key = "matcher.filter_1pct_" + by;
        numbers.put(key + "_recall_" + name(size), recall(probes, filtered, wanted));
        numbers.put(key + "_cpu_ms_" + name(size), millis(cpu.get(1)));
        numbers.put(key + "_cpu_ratio_" + name(size), ratios(cpu.get(1), cpu.get(0)));
    }

    /** What PostgreSQL's own indexes find, what they cost and how long building them takes, one after the other. */
    private void inDatabase(
            GalleryTrial gallery, List<Embedding> probes, NearestExactly truth, InMemory yardstick, long size) {
        String name = name(size);
        long start = System.nanoTime();
        gallery.index();
        numbers.put("matcher.sql_hnsw_build_s_" + name, seconds(start));
        Search search = probe -> gallery.nearestInDatabase(probe, NEAREST);
        numbers.put("matcher.sql_hnsw_recall_" + name, recall(probes, search, truth.nearest()));
        List<List<Double>> cpu = rounds(probes, List.of(yardstick, search));
        numbers.put("matcher.sql_hnsw_cpu_ms_" + name, millis(cpu.get(1)));
        numbers.put("matcher.sql_hnsw_cpu_ratio_hnswlib_" + name, ratios(cpu.get(1), cpu.get(0)));
    }

    /** Who the vectors are of: whoever they name has to be among those that a decision compares. */
    private static List<List<Long>> persons(List<List<Long>> vectors) {
        return vectors.stream()
                .map(nearest -> nearest.stream()
                        .map(vector -> vector / PER_PERSON + 1)
                        .distinct()
                        .toList())
                .toList();
    }

    /** CPU seconds of a query, by way and round; the ways take turns. */
    private static List<List<Double>> rounds(List<Embedding> probes, List<Search> ways) {
        List<List<Double>> rounds = new ArrayList<>();
        for (Search way : ways) {
            found(probes, way);
            rounds.add(new ArrayList<>());
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (int way = 0; way < ways.size(); way++) {
                rounds.get(way).add(cpuSeconds(probes, ways.get(way)));
            }
        }
        return rounds;
    }

    private static double cpuSeconds(List<Embedding> probes, Search way) {
        boolean here = way instanceof InMemory;
        int repeated = here ? InMemory.REPEATED : 1;
        double start = here ? CpuClock.threadSeconds() : CpuClock.seconds();
        for (int i = 0; i < repeated; i++) {
            found(probes, way);
        }
        double end = here ? CpuClock.threadSeconds() : CpuClock.seconds();
        return (end - start) / probes.size() / repeated;
    }

    /** How many vectors are found, all told. */
    private static int found(List<Embedding> probes, Search search) {
        return probes.stream().mapToInt(probe -> search.apply(probe).size()).sum();
    }

    /**
     * Stores templates one by one while somebody searches all the time, and looks whether the next search sees them.
     */
    private void inserts(GalleryTrial gallery) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        long[] searched = {0};
        Thread searching = new Thread(
                () -> {
                    while (!done.get()) {
                        gallery.nearest(
                                people.template(searched[0]++, 1, SEQUENCES).get(0), NEAREST);
                    }
                },
                "searching");
        searching.start();
        long inserted = 0;
        long missed = 0;
        List<Double> rates = new ArrayList<>();
        long start = System.nanoTime();
        for (int window = 0; window < INSERT_WINDOWS; window++) {
            long opened = System.nanoTime();
            long before = inserted;
            while (seconds(opened) < insertSeconds / INSERT_WINDOWS) {
                List<Embedding> looks = people.template(NEWCOMERS + inserted, PER_SEQUENCE, 0);
                gallery.insert(looks);
                if (inserted % 100 == 0) {
                    long newest = gallery.size() - PER_SEQUENCE;
                    missed += gallery.nearest(looks.get(0), 1).contains(newest) ? 0 : 1;
                }
                inserted++;
            }
            rates.add((inserted - before) * PER_SEQUENCE / seconds(opened));
        }
        double all = seconds(start);
        done.set(true);
        searching.join();
        numbers.put("matcher.inserts_per_s", rates);
        numbers.put("matcher.queries_per_s_beside_inserts", searched[0] / all);
        numbers.put("matcher.inserts_not_seen_by_the_next_query", (double) missed);
    }

    /** Round by round: both sides of a ratio were measured within seconds. */
    private static List<Double> ratios(List<Double> ours, List<Double> theirs) {
        return IntStream.range(0, ours.size())
                .mapToObj(round -> ours.get(round) / theirs.get(round))
                .toList();
    }

    private static List<Double> millis(List<Double> seconds) {
        return seconds.stream().map(one -> one * 1e3).toList();
    }

    private static String name(long size) {
        return size % 1_000_000 == 0 ? size / 1_000_000 + "m" : size / 1_000 + "k";
    }
}
