package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import paseo.evaluation.scoring.Bootstrap.Outcome;

/**
 * Open-set 1:N identification as it happened, in time order. Each usable sequence is a probe against the gallery of the
 * sequences before it (ISO/IEC 19795-1: FPIR and FNIR; the mated probe is one whose person has an earlier sequence that
 * was given a person id).
 *
 * <p>A person id belongs to whoever most of its faces came from before the probe, the first of them when equal. A mated
 * probe is right when it's given an id of its own person; a non-mated probe when it's given none that exists.
 */
public final class Identification {
    /** What became of one sequence. */
    public enum Result {
        /** Mated, given an id of its own person. */
        RIGHT,
        /** Mated, given an id that did not exist: one person more than there are. */
        SPLIT,
        /** Mated, given somebody else's id. */
        WRONG,
        /** Mated, given no id. */
        MISSED,
        /** Non-mated, given an id that existed: a false positive. */
        FALSE_POSITIVE,
        /** Non-mated, given a new id. */
        NEW,
        /** Non-mated, given no id. */
        LEFT_OPEN,
        /** No template. */
        UNUSABLE;

        /** Whether the person was in the gallery. */
        public boolean mated() {
            return this == RIGHT || this == SPLIT || this == WRONG || this == MISSED;
        }

        /** Whether the person was not in the gallery. */
        public boolean nonMated() {
            return this == FALSE_POSITIVE || this == NEW || this == LEFT_OPEN;
        }
    }

    /**
     * A sequence with its result.
     *
     * @param gallery person ids before it
     */
    public record Judged(SequenceVerdict verdict, Result result, int gallery) {}

    private final List<Judged> judged;

    private Identification(List<Judged> judged) {
        this.judged = List.copyOf(judged);
    }

    /** Judges all sequences, in any order; equal times are ordered by id. */
    public static Identification of(Collection<SequenceVerdict> verdicts) {
        List<SequenceVerdict> ordered = new ArrayList<>(verdicts);
        ordered.sort(Comparator.comparingDouble(SequenceVerdict::time).thenComparing(SequenceVerdict::id));
        Gallery gallery = new Gallery();
        List<Judged> judged = new ArrayList<>();
        for (SequenceVerdict verdict : ordered) {
            judged.add(new Judged(verdict, gallery.judge(verdict), gallery.faces.size()));
            gallery.add(verdict);
        }
        return new Identification(judged);
    }

    /** All sequences in time order. */
    public List<Judged> judged() {
        return judged;
    }

    /** How many had this result. */
    public long count(Result result) {
        return count(result::equals);
    }

    private long count(Predicate<Result> wanted) {
        return judged.stream().filter(one -> wanted.test(one.result())).count();
    }

    /** Who has to be resampled: everybody of whom there is a sequence, and each false alarm. */
    public Set<String> units() {
        Set<String> units = new HashSet<>();
        judged.forEach(one -> units.add(one.verdict().unit()));
        return units;
    }

    /**
     * False positive identification rate: non-mated probes given an existing id.
     *
     * @param smallest the rate that has to be seen, see {@link Bootstrap#rate}
     */
    public Estimate fpir(Bootstrap bootstrap, double smallest) {
        return bootstrap.rate(
                outcomes(Result::nonMated, result -> result == Result.FALSE_POSITIVE), "non-mated probes", smallest);
    }

    /** False negative identification rate: mated probes not given an id of their own person. */
    public Estimate fnir(Bootstrap bootstrap) {
        return bootstrap.rate(outcomes(Result::mated, result -> result != Result.RIGHT), "mated probes", 0);
    }

    /**
     * The same of some sequences only; the gallery is that of all.
     *
     * @param sequences their ids
     */
    public Estimate fnir(Bootstrap bootstrap, Set<String> sequences) {
        List<Outcome> outcomes = judged.stream()
                .filter(one ->
                        one.result().mated() && sequences.contains(one.verdict().id()))
                .map(one -> new Outcome(one.verdict().unit(), one.result() != Result.RIGHT))
                .toList();
        return bootstrap.rate(outcomes, "mated probes", 0);
    }

    /**
     * One part of the {@link #fnir}, as share of all mated probes.
     *
     * @param part {@link Result#SPLIT}, {@link Result#WRONG} or {@link Result#MISSED}
     */
    public Estimate fnir(Bootstrap bootstrap, Result part) {
        return bootstrap.rate(outcomes(Result::mated, result -> result == part), "mated probes", 0);
    }

    /** Failure to acquire: sequences without a template, as share of all; its complement is a coverage. */
    public Estimate failureToAcquire(Bootstrap bootstrap) {
        return bootstrap.rate(outcomes(result -> true, result -> result == Result.UNUSABLE), "sequences", 0);
    }

    /** Generalised FNIR = FTA + (1 − FTA) · FNIR: what is lost when a sequence without template counts as missed. */
    public Estimate gfnir(Bootstrap bootstrap) {
        Map<String, double[]> sums = new TreeMap<>();
        for (Judged one : judged) {
            double[] sum = sums.computeIfAbsent(one.verdict().unit(), key -> new double[4]);
            sum[0]++;
            sum[1] += one.result() == Result.UNUSABLE ? 1 : 0;
            sum[2] += one.result().mated() ? 1 : 0;
            sum[3] += one.result().mated() && one.result() != Result.RIGHT ? 1 : 0;
        }
        Estimate estimate = bootstrap.estimate(Bootstrap.ofSums(sums, sum -> {
            double fta = sum[1] / sum[0];
            return fta + (1 - fta) * (sum[3] / sum[2]);
        }));
        return Bootstrap.widened(estimate, count(Result::mated));
    }

    private List<Outcome> outcomes(Predicate<Result> among, Predicate<Result> happened) {
        return judged.stream()
                .filter(one -> among.test(one.result()))
                .map(one -> new Outcome(one.verdict().unit(), happened.test(one.result())))
                .toList();
    }

    /** What was known before a probe. */
    private static final class Gallery {
        /** Faces by person id and unit; units in the order they came. */
        private final Map<String, Map<String, Integer>> faces = new HashMap<>();

        private final Set<String> entered = new HashSet<>();

        Result judge(SequenceVerdict verdict) {
            if (!verdict.usable()) {
                return Result.UNUSABLE;
            }
            String decided = verdict.decided();
            boolean mated = entered.contains(verdict.unit());
            if (decided == null) {
                return mated ? Result.MISSED : Result.LEFT_OPEN;
            }
            Map<String, Integer> held = faces.get(decided);
            if (held == null) {
                return mated ? Result.SPLIT : Result.NEW;
            }
            if (!mated) {
                return Result.FALSE_POSITIVE;
            }
            return Objects.equals(owner(held), verdict.unit()) ? Result.RIGHT : Result.WRONG;
        }

        void add(SequenceVerdict verdict) {
            if (verdict.decided() != null) {
                faces.computeIfAbsent(verdict.decided(), key -> new LinkedHashMap<>())
                        .merge(verdict.unit(), verdict.faces(), Integer::sum);
                entered.add(verdict.unit());
            }
        }
    }

    /** Who most faces are of, the first when equal. */
    static String owner(Map<String, Integer> facesByUnit) {
        String owner = "";
        int most = 0;
        for (Map.Entry<String, Integer> entry : facesByUnit.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                owner = entry.getKey();
            }
        }
        return owner;
    }
}
