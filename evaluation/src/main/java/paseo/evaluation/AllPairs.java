package paseo.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import paseo.events.Embedding;

/**
 * Verification of every embedding against every other: the true accept rate (TAR, share of pairs of one person that are
 * accepted) at a false accept rate (FAR, share of pairs of two persons that are accepted).
 *
 * <p>Of the pairs of two persons only the most similar ones are kept: a FAR up to {@value #LARGEST_FAR} is decided by
 * them alone, and a half-million-pair tail is resampled in milliseconds where all pairs would take minutes.
 */
final class AllPairs {
    /** Largest false accept rate that can be asked for. */
    static final double LARGEST_FAR = 0.01;

    /** How far above the largest rate the tail reaches, so that resampled weights stay inside it. */
    private static final double TAIL_RESERVE = 2;

    private final long[] photographs;
    private final List<Pair> genuine;
    private final List<Pair> impostorTail;

    /** Two embeddings of the persons {@code a} and {@code b}, by number. */
    private record Pair(int a, int b, float similarity) {}

    /**
     * A rate with its 95 % confidence interval.
     *
     * @param tar true accept rate, in [0, 1]
     * @param low 2.5 % quantile of the bootstrap over persons
     * @param high 97.5 % quantile
     * @param threshold the similarity that gives the false accept rate
     */
    record Rate(double tar, double low, double high, double threshold) {}

    private AllPairs(long[] photographs, List<Pair> genuine, List<Pair> impostorTail) {
        this.photographs = photographs;
        this.genuine = genuine;
        this.impostorTail = impostorTail;
    }

    /**
     * Compares all embeddings with each other.
     *
     * @param embeddings of one model pack
     * @param personOf number of each embedding's person, from 0 without gaps
     */
    static AllPairs of(List<Embedding> embeddings, int[] personOf) {
        float[][] vectors = embeddings.stream().map(Embedding::toArray).toArray(float[][]::new);
        long[] photographs = new long[Arrays.stream(personOf).max().orElse(-1) + 1];
        for (int person : personOf) {
            photographs[person]++;
        }
        List<Pair> genuine = new ArrayList<>();
        Tail tail = new Tail((int) Math.ceil(TAIL_RESERVE * LARGEST_FAR * pairsOfTwo(photographs)) + 1);
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < i; j++) {
                float similarity = dot(vectors[i], vectors[j]);
                if (personOf[i] == personOf[j]) {
                    genuine.add(new Pair(personOf[i], personOf[j], similarity));
                } else {
                    tail.offer(personOf[i], personOf[j], similarity);
                }
            }
        }
        return new AllPairs(photographs, sorted(genuine), sorted(tail.pairs()));
    }

    private static long pairsOfTwo(long[] photographs) {
        long all = Arrays.stream(photographs).sum();
        return (all * all - Arrays.stream(photographs).map(n -> n * n).sum()) / 2;
    }

    /** Pairs of one person. */
    int genuinePairs() {
        return genuine.size();
    }

    /** Pairs of two persons. */
    long impostorPairs() {
        return pairsOfTwo(photographs);
    }

    /**
     * The true accept rate at a false accept rate.
     *
     * @param far in (0, {@value #LARGEST_FAR}]
     * @param resamples of the bootstrap
     */
    Rate rate(double far, int resamples, long seed) {
        if (!(far > 0 && far <= LARGEST_FAR)) {
            throw new IllegalArgumentException("a false accept rate must be in (0, " + LARGEST_FAR + "], not " + far);
        }
        int persons = photographs.length;
        int[] once = new int[persons];
        Arrays.fill(once, 1);
        double threshold = threshold(far, once);
        double[] rates = new double[resamples];
        Random random = new Random(seed);
        for (int r = 0; r < resamples; r++) {
            int[] times = new int[persons];
            for (int i = 0; i < persons; i++) {
                times[random.nextInt(persons)]++;
            }
            rates[r] = accepted(threshold(far, times), times);
        }
        Arrays.sort(rates);
        return new Rate(
                accepted(threshold, once),
                rates[(int) Math.floor(0.025 * (resamples - 1))],
                rates[(int) Math.ceil(0.975 * (resamples - 1))],
                threshold);
    }

    /**
     * Smallest similarity above which at most the share {@code far} of the impostor pairs lies, persons counted
     * {@code times}.
     */
    private double threshold(double far, int[] times) {
        long[] drawn = new long[photographs.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = photographs[i] * times[i];
        }
        double budget = far * pairsOfTwo(drawn);
        double seen = 0;
        for (Pair pair : impostorTail) {
            seen += (double) times[pair.a] * times[pair.b];
            if (seen > budget) {
                return Math.nextUp(pair.similarity);
            }
        }
        return impostorTail.isEmpty() ? -1 : impostorTail.get(impostorTail.size() - 1).similarity;
    }

    private double accepted(double threshold, int[] times) {
        long accepted = 0;
        long all = 0;
        for (Pair pair : genuine) {
            all += times[pair.a];
            accepted += pair.similarity >= threshold ? times[pair.a] : 0;
        }
        return all == 0 ? Double.NaN : (double) accepted / all;
    }

    private static List<Pair> sorted(List<Pair> pairs) {
        return pairs.stream()
                .sorted(Comparator.comparingDouble(Pair::similarity).reversed())
                .toList();
    }

    private static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        // Four sums let the compiler keep the multiplications apart; dimensions are multiples of four.
        for (int i = 0; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        float sum = s0 + s1 + s2 + s3;
        for (int i = a.length & ~3; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /**
     * The most similar pairs seen, in amortised constant time per pair: collects twice as many and then drops the lower
     * half.
     */
    private static final class Tail {
        private final int length;
        private List<Pair> pairs = new ArrayList<>();
        private float floor = Float.NEGATIVE_INFINITY;

        Tail(int length) {
            this.length = length;
        }

        void offer(int a, int b, float similarity) {
            if (similarity > floor) {
                pairs.add(new Pair(a, b, similarity));
                if (pairs.size() >= 2 * length) {
                    pairs = pairs();
                    floor = pairs.get(length - 1).similarity();
                }
            }
        }

        List<Pair> pairs() {
            List<Pair> best = new ArrayList<>(sorted(pairs));
            return best.size() <= length ? best : new ArrayList<>(best.subList(0, length));
        }
    }
}
