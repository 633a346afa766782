package paseo.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import paseo.evaluation.search.HnswReference;
import paseo.events.Embedding;

/** What searches cost, taking turns. */
final class SearchCost {
    private SearchCost() {}

    /** A way to search. */
    interface Search extends Function<Embedding, List<Long>> {}

    /**
     * The reference at the smallest setting with which it finds what a search must find, or the largest there is. It
     * runs on one thread of this process, and is so quick that its rounds are repeated.
     */
    record InMemory(HnswReference graph, int most, int ef) implements Search {
        static final int REPEATED = 10;

        @Override
        public List<Long> apply(Embedding probe) {
            return graph.nearest(probe, most, ef);
        }
    }

    /** CPU seconds of a query, by way and round; the ways take turns. */
    static List<List<Double>> rounds(int number, List<Embedding> probes, List<Search> ways) {
        List<List<Double>> rounds = new ArrayList<>();
        for (Search way : ways) {
            found(probes, way);
            rounds.add(new ArrayList<>());
        }
        for (int i = 0; i < number; i++) {
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

    static List<Double> millis(List<Double> seconds) {
        return seconds.stream().map(one -> one * 1e3).toList();
    }

    /**
     * CPU against CPU.
     *
     * @param value of the least that each side took: what else the machine does can only add
     * @param least round by round, as both were measured within seconds
     * @param most round by round
     */
    record Ratio(double value, double least, double most) {
        static Ratio of(List<Double> ours, List<Double> theirs) {
            List<Double> rounds = IntStream.range(0, ours.size())
                    .mapToObj(round -> ours.get(round) / theirs.get(round))
                    .toList();
            return new Ratio(
                    Collections.min(ours) / Collections.min(theirs), Collections.min(rounds), Collections.max(rounds));
        }

        Ratio over(Ratio other) {
            return new Ratio(value / other.value, least / other.value, most / other.value);
        }
    }
}
