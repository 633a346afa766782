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
import paseo.evaluation.report.BenchNumbers;
import paseo.evaluation.search.HnswReference;
import paseo.evaluation.search.NearestExactly;
import paseo.evaluation.search.PerturbedFaces;
import paseo.events.Embedding;
import paseo.matching.DatabaseSettings;
import paseo.matching.GalleryTrial;

/** Galleries that grow, searched by the matcher and by a reference, at the same recall. */
final class SearchStudy {
    private static final int PER_SEQUENCE = 5;
    private static final int SEQUENCES = 2;
    private static final int PER_PERSON = PER_SEQUENCE * SEQUENCES;
    private static final int PERSONS_A_BATCH = 8_000;
    private static final int PROBES = 200;
    private static final int NEAREST = 10;
    /** What a search must find. */
    private static final double RECALL = 0.98;

    private static final int ROUNDS = 5;
    private static final int[] EFS = {10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320};
    private static final double INSERT_SECONDS = 10;
    /** Numbers of persons who are added while somebody searches. */
    private static final long NEWCOMERS = 1_000_000_000L;

    private final PerturbedFaces people;
    private final BenchNumbers numbers;

    SearchStudy(PerturbedFaces people, BenchNumbers numbers) {
        this.people = people;
        this.numbers = numbers;
    }

    /** Fills and searches. */
    void run(DatabaseSettings settings, List<Long> sizes) throws InterruptedException {
        long persons = sizes.get(0) / PER_PERSON;
        List<Embedding> probes = LongStream.range(0, PROBES)
                .mapToObj(
                        i -> people.template(i * persons / PROBES, 1, SEQUENCES).get(0))
                .toList();
        NearestExactly truth = new NearestExactly(probes, NEAREST);
        try (GalleryTrial gallery =
                GalleryTrial.open(settings, "bench@1", probes.get(0).dimension(), PER_SEQUENCE, SEQUENCES)) {
            List<Double> first = List.of();
            for (long size : sizes) {
                boolean smallest = first.isEmpty();
                HnswReference reference = smallest ? new HnswReference((int) size) : new HnswReference(0);
                fill(gallery, truth, size, smallest ? reference::add : embedding -> {});
                List<Double> cpu = measure(gallery, probes, truth, size);
                if (smallest) {
                    first = cpu;
                    compare(reference, probes, truth, cpu, size);
                } else {
                    numbers.put("matcher.growth_" + name(size), ratios(cpu, first));
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
        gallery.settle(false);
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

    /** CPU seconds of a query, in rounds. */
    private List<Double> measure(GalleryTrial gallery, List<Embedding> probes, NearestExactly truth, long size) {
        Function<Embedding, List<Long>> search = probe -> gallery.nearest(probe, NEAREST);
        double recall = NearestExactly.recall(probes.stream().map(search).toList(), truth.nearest());
        List<Double> cpu = rounds(probes, search);
        Function<Embedding, List<Long>> decide = probe -> gallery.decide(List.of(probe, probe));
        List<Double> decision = rounds(probes, decide);
        numbers.put("matcher.recall_" + name(size), recall);
        numbers.put(
                "matcher.decision_recall_" + name(size),
                NearestExactly.recall(probes.stream().map(decide).toList(), persons(truth.nearest())));
        numbers.put("matcher.query_cpu_ms_" + name(size), millis(cpu));
        numbers.put("matcher.decision_cpu_ms_" + name(size), millis(decision));
        return cpu;
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

    private static List<Double> rounds(List<Embedding> probes, Function<Embedding, List<Long>> search) {
        found(probes, search);
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            double start = CpuClock.seconds();
            found(probes, search);
            rounds.add((CpuClock.seconds() - start) / probes.size());
        }
        return rounds;
    }

    /** How many vectors are found, all told. */
    private static int found(List<Embedding> probes, Function<Embedding, List<Long>> search) {
        return probes.stream().mapToInt(probe -> search.apply(probe).size()).sum();
    }

    /** The reference at the smallest setting with which it finds as much, or the least that is asked for. */
    private void compare(
            HnswReference reference, List<Embedding> probes, NearestExactly truth, List<Double> cpu, long size) {
        for (int ef : EFS) {
            Function<Embedding, List<Long>> search = probe -> reference.nearest(probe, NEAREST, ef);
            double recall = NearestExactly.recall(probes.stream().map(search).toList(), truth.nearest());
            if (recall >= RECALL || ef == EFS[EFS.length - 1]) {
                List<Double> theirs = rounds(probes, search);
                numbers.put("matcher.hnswlib_recall_" + name(size), recall);
                numbers.put("matcher.hnswlib_cpu_ms_" + name(size), millis(theirs));
                numbers.put("matcher.cpu_ratio_hnswlib_" + name(size), ratios(cpu, theirs));
                return;
            }
        }
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
        long start = System.nanoTime();
        while (seconds(start) < INSERT_SECONDS) {
            List<Embedding> looks = people.template(NEWCOMERS + inserted, PER_SEQUENCE, 0);
            gallery.insert(looks);
            if (inserted % 100 == 0) {
                long newest = gallery.size() - PER_SEQUENCE;
                missed += gallery.nearest(looks.get(0), 1).contains(newest) ? 0 : 1;
            }
            inserted++;
        }
        double seconds = seconds(start);
        done.set(true);
        searching.join();
        numbers.put("matcher.inserts_per_s", inserted * PER_SEQUENCE / seconds);
        numbers.put("matcher.queries_per_s_beside_inserts", searched[0] / seconds);
        numbers.put("matcher.inserts_not_seen_by_the_next_query", (double) missed);
    }

    private static List<Double> ratios(List<Double> ours, List<Double> theirs) {
        double median = theirs.stream().sorted().toList().get(theirs.size() / 2);
        return ours.stream().map(one -> one / median).toList();
    }

    private static List<Double> millis(List<Double> seconds) {
        return seconds.stream().map(one -> one * 1e3).toList();
    }

    private static String name(long size) {
        return size % 1_000_000 == 0 ? size / 1_000_000 + "m" : size / 1_000 + "k";
    }
}
