package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scoring.Bootstrap.Places;
import paseo.evaluation.scoring.Bootstrap.Statistic;
import paseo.evaluation.scoring.Bootstrap.Weights;

/**
 * How well sequences were sorted into persons.
 *
 * <p>The items are sequences. An item that was given no id is alone: it costs recall, never precision. A false alarm is
 * somebody of its own, who isn't counted as a person.
 *
 * <p>When persons are resampled, an id counts as often as its owner, the person most of its faces are of.
 */
public final class Grouping {
    /** Items by predicted id, then by true unit. */
    private final Map<String, Map<String, Integer>> idToUnits;
    /** All items of a unit. */
    private final Map<String, Integer> sizes;

    private final Map<String, String> owners;
    private final Map<String, Set<String>> idsOf;
    private final Set<String> persons;

    private Grouping(Map<String, Map<String, Integer>> idToUnits, Map<String, Set<String>> idsOf, Set<String> persons) {
        this.idToUnits = idToUnits;
        this.idsOf = idsOf;
        this.persons = persons;
        this.sizes = new TreeMap<>();
        this.owners = new TreeMap<>();
        idToUnits.forEach((id, units) -> {
            units.forEach((unit, items) -> sizes.merge(unit, items, Integer::sum));
            owners.put(id, Identification.owner(units));
        });
    }

    /** Groups of one, of what was left open, apart from the ids that were given. */
    private static final String ALONE = "alone/";

    private static final String GIVEN = "id/";

    /** Sorts the usable sequences, each counted once. */
    public static Grouping bySequence(Collection<SequenceVerdict> verdicts) {
        Map<String, Map<String, Integer>> idToUnits = new TreeMap<>();
        Map<String, Set<String>> idsOf = new TreeMap<>();
        Set<String> persons = new HashSet<>();
        for (SequenceVerdict verdict : verdicts) {
            if (!verdict.usable()) {
                continue;
            }
            @Nullable String decided = verdict.decided();
            String id = decided == null ? ALONE + verdict.id() : GIVEN + decided;
            idToUnits.computeIfAbsent(id, key -> new TreeMap<>()).merge(verdict.unit(), 1, Integer::sum);
            Set<String> ids = idsOf.computeIfAbsent(verdict.unit(), key -> new HashSet<>());
            if (decided != null) {
                ids.add(id);
            }
            if (verdict.person() != null) {
                persons.add(verdict.person());
            }
        }
        return new Grouping(idToUnits, idsOf, persons);
    }

    /** Who has to be resampled: everybody of whom there is a usable sequence, and each false alarm. */
    public Set<String> units() {
        return sizes.keySet();
    }

    /** Precision, recall and their harmonic mean. */
    public record PrecisionRecall(Estimate precision, Estimate recall, Estimate f) {}

    /**
     * BCubed (Bagga and Baldwin 1998; Amigó et al. 2009): for each item the share of its group that is its person
     * (precision) and the share of its person that is in its group (recall), averaged over items. Resampling draws
     * these item scores anew; it doesn't take people out of groups, which would make mixed groups look purer.
     */
    public PrecisionRecall bcubed(Bootstrap bootstrap) {
        Map<String, double[]> sums = new TreeMap<>();
        for (Map<String, Integer> units : idToUnits.values()) {
            double group = units.values().stream().mapToInt(Integer::intValue).sum();
            units.forEach((unit, items) -> {
                double[] sum = sums.computeIfAbsent(unit, key -> new double[3]);
                sum[0] += items * (items / group);
                sum[1] += items * ((double) items / size(unit));
                sum[2] += items;
            });
        }
        return atLeastAsWide(
                bootstrap.estimate(Bootstrap.ofSums(sums, sum -> sum[0] / sum[2])),
                bootstrap.estimate(Bootstrap.ofSums(sums, sum -> sum[1] / sum[2])),
                bootstrap.estimate(Bootstrap.ofSums(sums, sum -> harmonic(sum[0] / sum[2], sum[1] / sum[2]))));
    }

    /** What could have gone wrong: groups of several items precision, people of several items recall. */
    private PrecisionRecall atLeastAsWide(Estimate precision, Estimate recall, Estimate f) {
        long groups = idToUnits.values().stream()
                .filter(units ->
                        units.values().stream().mapToInt(Integer::intValue).sum() > 1)
                .count();
        long people = sizes.values().stream().filter(items -> items > 1).count();
        return new PrecisionRecall(
                Bootstrap.widened(precision, groups),
                Bootstrap.widened(recall, people),
                Bootstrap.widened(f, Math.min(groups, people)));
    }

    private static double harmonic(double precision, double recall) {
        return 2 * precision * recall / (precision + recall);
    }

    /**
     * Pairs of items: together and of one person, among those together (precision), among those of one person (recall).
     */
    public PrecisionRecall pairwise(Bootstrap bootstrap) {
        Map<String, double[]> sums = new TreeMap<>();
        sizes.forEach((unit, items) -> sums.put(unit, new double[] {0, pairs(items)}));
        List<MixedGroup> mixed = new ArrayList<>();
        for (Map<String, Integer> units : idToUnits.values()) {
            units.forEach((unit, items) -> sums.computeIfAbsent(unit, key -> new double[2])[0] += pairs(items));
            if (units.size() > 1) {
                mixed.add(new MixedGroup(units));
            }
        }
        Statistic recall = Bootstrap.ofSums(sums, sum -> sum[0] / sum[1]);
        Statistic right = Bootstrap.ofSums(sums, sum -> sum[0]);
        Statistic precision = weights -> {
            double same = right.of(weights);
            double different = 0;
            for (MixedGroup group : mixed) {
                different += group.pairsOfTwo(weights);
            }
            return same / (same + different);
        };
        return atLeastAsWide(
                bootstrap.estimate(precision),
                bootstrap.estimate(recall),
                bootstrap.estimate(weights -> harmonic(precision.of(weights), recall.of(weights))));
    }

    /** A group of several people. A pair of two of them is drawn as often as one times as often as the other. */
    private static final class MixedGroup {
        private final Places places;
        private final int[] items;

        MixedGroup(Map<String, Integer> units) {
            places = new Places(List.copyOf(units.keySet()));
            items = units.values().stream().mapToInt(Integer::intValue).toArray();
        }

        double pairsOfTwo(Weights weights) {
            int[] times = places.times(weights);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < items.length; i++) {
                double drawn = (double) times[i] * items[i];
                sum += drawn;
                squares += drawn * drawn;
            }
            return (sum * sum - squares) / 2;
        }
    }

    private int size(String unit) {
        return sizes.getOrDefault(unit, 0);
    }

    private static double pairs(int items) {
        return items * (items - 1.0) / 2;
    }

    /** Mean number of ids per person who was given any; 1 is right. */
    public Estimate fragmentation(Bootstrap bootstrap) {
        Map<String, double[]> sums = new TreeMap<>();
        for (String person : persons) {
            int ids = idsOf.getOrDefault(person, Set.of()).size();
            sums.put(person, new double[] {ids, ids > 0 ? 1 : 0});
        }
        double numbered = sums.values().stream().mapToDouble(sum -> sum[1]).sum();
        Estimate estimate = bootstrap.estimate(Bootstrap.ofSums(sums, sum -> sum[0] / sum[1]));
        return Bootstrap.reaching(estimate, 1, 1 + 3 / numbered);
    }

    /**
     * Share of ids that hold two persons or more.
     *
     * @param smallest the share that has to be seen, see {@link Bootstrap#rate}
     */
    public Estimate contamination(Bootstrap bootstrap, double smallest) {
        Map<String, Bootstrap.Outcome> outcomes = new LinkedHashMap<>();
        idToUnits.forEach((id, units) -> {
            if (id.startsWith(GIVEN)) {
                boolean mixed =
                        units.keySet().stream().filter(persons::contains).count() > 1;
                outcomes.put(id, new Bootstrap.Outcome(owners.getOrDefault(id, ""), mixed));
            }
        });
        return bootstrap.rate(outcomes.values(), "person ids", smallest);
    }

    /**
     * |K̂ − K| / K: K̂ ids against K persons.
     *
     * @param truth everybody who had to be found; all must be known to the bootstrap
     */
    public Estimate countError(Bootstrap bootstrap, Set<String> truth) {
        Map<String, double[]> sums = new TreeMap<>();
        owners.forEach(
                (id, owner) -> sums.computeIfAbsent(owner, key -> new double[2])[0] += id.startsWith(GIVEN) ? 1 : 0);
        truth.forEach(person -> sums.computeIfAbsent(person, key -> new double[2])[1]++);
        Estimate estimate = bootstrap.estimate(Bootstrap.ofSums(sums, sum -> Math.abs(sum[0] - sum[1]) / sum[1]));
        return Bootstrap.reaching(estimate, 0, 3.0 / truth.size());
    }

    /** Ids that were given. */
    public long ids() {
        return idToUnits.keySet().stream().filter(id -> id.startsWith(GIVEN)).count();
    }
}
