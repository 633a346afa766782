package paseo.evaluation.scoring;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Confidence intervals by resampling persons: what is measured on one person hangs together, so persons are drawn with
 * replacement, not sequences or pairs (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: 95 %
 * percentile interval).
 *
 * <p>The draws are a function of the set of persons and the seed. Two statistics of one bootstrap see the same draws,
 * which is what makes {@link #difference} and {@link #ratio} paired.
 */
public final class Bootstrap {
    /** Draws of an interval. */
    public static final int RESAMPLES = 1_000;

    private static final double TAIL = 0.025;

    /** Below this share of draws that have a value the interval says nothing. */
    private static final double LEAST_DEFINED = 0.9;

    private final List<String> persons;
    private final Map<String, Integer> indexOf;
    private final long seed;

    private Bootstrap(Collection<String> persons, long seed) {
        this.persons = List.copyOf(new TreeSet<>(persons));
        this.seed = seed;
        this.indexOf = new HashMap<>();
        for (String person : this.persons) {
            indexOf.put(person, indexOf.size());
        }
    }

    /**
     * Over these persons.
     *
     * @param persons in any order; repeated ones count once
     */
    public static Bootstrap byPerson(Collection<String> persons, long seed) {
        return new Bootstrap(persons, seed);
    }

    /** How often each person was drawn. */
    public static final class Weights {
        private final Map<String, Integer> indexOf;
        private final int[] times;

        private Weights(Map<String, Integer> indexOf, int[] times) {
            this.indexOf = indexOf;
            this.times = times;
        }

        /**
         * How often the person was drawn, at least 0.
         *
         * @throws IllegalArgumentException for a person the bootstrap doesn't know
         */
        public int of(String person) {
            return times[place(person)];
        }

        private int place(String person) {
            Integer index = indexOf.get(person);
            if (index == null) {
                throw new IllegalArgumentException("the bootstrap was not given " + person);
            }
            return index;
        }
    }

    /** Where persons are in a bootstrap, looked up once and not on each draw. Not for several threads. */
    static final class Places {
        private final List<String> persons;
        private Map<String, Integer> known = Map.of();
        private int[] places = {};

        Places(List<String> persons) {
            this.persons = List.copyOf(persons);
        }

        /** How often each of the persons was drawn, in their order. */
        int[] times(Weights weights) {
            if (known != weights.indexOf) {
                places = persons.stream().mapToInt(weights::place).toArray();
                known = weights.indexOf;
            }
            int[] times = new int[places.length];
            for (int i = 0; i < times.length; i++) {
                times[i] = weights.times[places[i]];
            }
            return times;
        }
    }

    /** A number of a weighted sample. */
    @FunctionalInterface
    public interface Statistic {
        /** The number with each person counted so often; NaN where there is none. */
        double of(Weights weights);
    }

    /**
     * Something that happened or not, to one person.
     *
     * @param person who is resampled with it
     */
    public record Outcome(String person, boolean happened) {}

    /** The statistic of all persons once, with its interval. */
    public Estimate estimate(Statistic statistic) {
        double value = statistic.of(once());
        if (!Double.isFinite(value)) {
            return new Estimate.Unknown("not enough data: nothing to count");
        }
        if (persons.size() < 2) {
            return Estimate.notEnough(persons.size(), 2, "persons");
        }
        double[] drawn = new double[RESAMPLES];
        int defined = 0;
        Random random = new Random(seed);
        for (int r = 0; r < RESAMPLES; r++) {
            double one = statistic.of(draw(random));
            if (Double.isFinite(one)) {
                drawn[defined++] = one;
            }
        }
        if (defined < LEAST_DEFINED * RESAMPLES) {
            return new Estimate.Unknown("not enough data: undefined in " + (RESAMPLES - defined) + " of " + RESAMPLES
                    + " resamples of " + persons.size() + " persons");
        }
        double[] sorted = Arrays.copyOf(drawn, defined);
        Arrays.sort(sorted);
        double low = sorted[(int) Math.floor(TAIL * (defined - 1))];
        double high = sorted[(int) Math.ceil((1 - TAIL) * (defined - 1))];
        return new Estimate.Known(value, Math.min(low, value), Math.max(high, value));
    }

    /**
     * The share of what happened. Where nothing or everything did, resampling gives an interval without width; then the
     * rule of three stands in: 0 of n is compatible with 3/n (Hanley and Lippman-Hand, JAMA 1983).
     *
     * @param ofWhat the outcomes in words, for the note when they are too few
     * @param smallest the share that has to be seen: fewer than 3/smallest outcomes are not enough data; 0 asks for one
     *     outcome
     */
    public Estimate rate(Collection<Outcome> outcomes, String ofWhat, double smallest) {
        long need = Math.max(1, ruleOfThree(smallest));
        if (outcomes.size() < need) {
            return Estimate.notEnough(outcomes.size(), need, ofWhat);
        }
        Map<String, double[]> counts = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            double[] count = counts.computeIfAbsent(outcome.person(), key -> new double[2]);
            count[0] += outcome.happened() ? 1 : 0;
            count[1]++;
        }
        Estimate estimate = estimate(ofSums(counts, sums -> sums[0] / sums[1]));
        return widened(estimate, outcomes.size());
    }

    /** Outcomes needed to see a rate: none among so many makes a larger rate unlikely at 95 %. */
    public static long ruleOfThree(double rate) {
        return rate > 0 ? (long) Math.ceil(3 / rate - 1e-9) : 0;
    }

    /** Where all or none of n happened, an interval that the rule of three gives. */
    static Estimate widened(Estimate estimate, long n) {
        double three = Math.min(1, 3.0 / n);
        return reaching(reaching(estimate, 1, 1 - three), 0, three);
    }

    /**
     * An interval that is at least as wide as this where nothing went wrong, which resampling can't tell from something
     * that can't go wrong.
     *
     * @param perfect the score in that case
     * @param bound that the interval reaches then, by the rule of three
     */
    public static Estimate reaching(Estimate estimate, double perfect, double bound) {
        return estimate instanceof Estimate.Known known && known.value() == perfect
                ? new Estimate.Known(perfect, Math.min(known.low(), bound), Math.max(known.high(), bound))
                : estimate;
    }

    /**
     * A function of sums over persons, such as a ratio of two: quick to draw again.
     *
     * @param byPerson each person's share of the sums; as many for each
     * @param function of the sums
     */
    public static Statistic ofSums(Map<String, double[]> byPerson, ToDoubleFunction<double[]> function) {
        Places places = new Places(List.copyOf(byPerson.keySet()));
        double[][] shares = byPerson.values().toArray(double[][]::new);
        return weights -> {
            int[] times = places.times(weights);
            double[] sums = new double[shares.length == 0 ? 0 : shares[0].length];
            for (int i = 0; i < shares.length; i++) {
                for (int j = 0; times[i] > 0 && j < sums.length; j++) {
                    sums[j] += times[i] * shares[i][j];
                }
            }
            return sums.length == 0 ? Double.NaN : function.applyAsDouble(sums);
        };
    }

    /** What {@code a} is above {@code b}, on the same draws. */
    public Estimate difference(Statistic a, Statistic b) {
        return estimate(weights -> a.of(weights) - b.of(weights));
    }

    /** {@code a} divided by {@code b}, on the same draws; undefined where {@code b} is 0. */
    public Estimate ratio(Statistic a, Statistic b) {
        return estimate(weights -> a.of(weights) / b.of(weights));
    }

    private Weights once() {
        int[] times = new int[persons.size()];
        Arrays.fill(times, 1);
        return new Weights(indexOf, times);
    }

    private Weights draw(Random random) {
        int[] times = new int[persons.size()];
        for (int i = 0; i < times.length; i++) {
            times[random.nextInt(times.length)]++;
        }
        return new Weights(indexOf, times);
    }
}
