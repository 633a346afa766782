package paseo.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.SearchCost.InMemory;
import paseo.evaluation.SearchCost.Ratio;
import paseo.evaluation.SearchCost.Search;
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.search.HnswReference;
import paseo.evaluation.search.NearestExactly;
import paseo.evaluation.search.PerturbedFaces;
import paseo.events.Embedding;
import paseo.matching.DatabaseSettings;
import paseo.matching.GalleryTrial;
import paseo.matching.SearchFilter;

/**
 * Galleries that grow, searched by the matcher and by a reference of the same vectors, in turn. The reference of the
 * smallest gallery is the yardstick of growth and is measured in every other one as well: growth is a ratio of ratios,
 * and a machine that is slower for a while is so for both.
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

    private static final int ROUNDS = 10;
    private static final int FEW_ROUNDS = 5;
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
        HnswReference graph = new HnswReference(Math.toIntExact(sizes.get(0)));
        numbers.put("matcher.probes", (double) PROBES);
        try (GalleryTrial gallery =
                GalleryTrial.open(settings, "bench@1", probes.get(0).dimension(), PER_SEQUENCE, SEQUENCES)) {
            @Nullable InMemory yardstick = null;
            @Nullable Ratio first = null;
            for (long size : sizes) {
                graph = yardstick == null ? graph : graph.copy(Math.toIntExact(size));
                fill(gallery, truth, size, graph);
                InMemory reference = reference(graph, probes, truth, size);
                yardstick = yardstick == null ? reference : yardstick;
                Ratio ratio = measure(gallery, probes, truth, reference, yardstick, size);
                if (first != null) {
                    put("matcher.growth_" + name(size), ratio.over(first));
                } else {
                    first = ratio;
                    if (indexes) {
                        inDatabase(gallery, probes, truth, reference, size);
                    }
                }
            }
            // Last: newcomers have one sequence each, which what is filled in does not.
            inserts(gallery);
        }
    }

    private void fill(GalleryTrial gallery, NearestExactly truth, long size, HnswReference reference) {
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
            batch.forEach(reference::add);
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

    private InMemory reference(HnswReference graph, List<Embedding> probes, NearestExactly truth, long size) {
        InMemory way = new InMemory(graph, NEAREST, EFS[0]);
        double recall = recall(probes, way, truth.nearest());
        for (int i = 1; i < EFS.length && recall < RECALL; i++) {
            way = new InMemory(graph, NEAREST, EFS[i]);
            recall = recall(probes, way, truth.nearest());
        }
        numbers.put("matcher.hnswlib_recall_" + name(size), recall);
        return way;
    }

    private static double recall(List<Embedding> probes, Search search, List<List<Long>> wanted) {
        return NearestExactly.recall(probes.stream().map(search).toList(), wanted);
    }

    /**
     * Searches one gallery.
     *
     * @param reference of this gallery
     * @param yardstick of the smallest
     * @return the CPU of a query in times of the yardstick's
     */
    private Ratio measure(
            GalleryTrial gallery,
            List<Embedding> probes,
            NearestExactly truth,
            InMemory reference,
            InMemory yardstick,
            long size) {
        String name = name(size);
        Search search = probe -> gallery.nearest(probe, NEAREST);
        Search decide = probe -> gallery.decide(List.of(probe, probe));
        numbers.put("matcher.recall_" + name, recall(probes, search, truth.nearest()));
        numbers.put("matcher.decision_recall_" + name, recall(probes, decide, persons(truth.nearest())));
        List<Search> ways =
                Stream.of(reference, search, decide, yardstick).distinct().toList();
        List<List<Double>> cpu = SearchCost.rounds(ROUNDS, probes, ways);
        List<Double> smallest = cpu.get(ways.indexOf(yardstick));
        numbers.put("matcher.hnswlib_cpu_ms_" + name, SearchCost.millis(cpu.get(0)));
        numbers.put("matcher.query_cpu_ms_" + name, SearchCost.millis(cpu.get(1)));
        numbers.put("matcher.decision_cpu_ms_" + name, SearchCost.millis(cpu.get(2)));
        put("matcher.cpu_ratio_hnswlib_" + name, Ratio.of(cpu.get(1), cpu.get(0)));
        put("matcher.decision_cpu_ratio_hnswlib_" + name, Ratio.of(cpu.get(2), cpu.get(0)));
        if (!reference.equals(yardstick)) {
            put("matcher.hnswlib_growth_" + name, Ratio.of(cpu.get(0), smallest));
        }
        Search exact = probe -> gallery.nearestExactly(probe, NEAREST);
        List<Embedding> few = probes.subList(0, FEW_PROBES);
        numbers.put(
                "matcher.exact_cpu_ms_" + name,
                SearchCost.millis(
                        SearchCost.rounds(FEW_ROUNDS, few, List.of(exact)).get(0)));
        filter(gallery, "camera", SearchFilter.ofCameras(List.of(GalleryTrial.RARE_CAMERA)), rare(size), search, size);
        long from = size / 2 / PER_PERSON * PER_PERSON;
        List<Long> stretch = LongStream.range(from, from + size / RARE).boxed().toList();
        filter(gallery, "time", gallery.between(from, from + size / RARE), stretch, search, size);
        return Ratio.of(cpu.get(1), smallest);
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
        List<List<Double>> cpu = SearchCost.rounds(FEW_ROUNDS, probes, List.of(unfiltered, filtered));
        String key = "matcher.filter_1pct_" + by;
        numbers.put(key + "_recall_" + name(size), recall(probes, filtered, wanted));
        numbers.put(key + "_cpu_ms_" + name(size), SearchCost.millis(cpu.get(1)));
        put(key + "_cpu_ratio_" + name(size), Ratio.of(cpu.get(1), cpu.get(0)));
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
        List<List<Double>> cpu = SearchCost.rounds(FEW_ROUNDS, probes, List.of(yardstick, search));
        numbers.put("matcher.sql_hnsw_cpu_ms_" + name, SearchCost.millis(cpu.get(1)));
        put("matcher.sql_hnsw_cpu_ratio_hnswlib_" + name, Ratio.of(cpu.get(1), cpu.get(0)));
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

    private void put(String path, Ratio ratio) {
        numbers.put(path, ratio.value(), ratio.least(), ratio.most());
    }

    private static String name(long size) {
        return size % 1_000_000 == 0 ? size / 1_000_000 + "m" : size / 1_000 + "k";
    }
}
