package paseo.evaluation.scoring;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scoring.Bootstrap.Weights;

/**
 * How well sequences were sorted into persons.
 *
 * <p>The items are sequences, or their faces when weighted by them. An item that was given no id is alone: it costs
 * recall, never precision. A false alarm is somebody of its own, who isn't counted as a person.
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
        return of(verdicts, verdict -> 1);
    }

    /** Sorts the usable sequences, each counted by its faces. */
    public static Grouping byFace(Collection<SequenceVerdict> verdicts) {
        return of(verdicts, SequenceVerdict::faces);
    }

    private static Grouping of(Collection<SequenceVerdict> verdicts, ToIntFunction<SequenceVerdict> weight) {
        Map<String, Map<String, Integer>> idToUnits = new TreeMap<>();
        Map<String, Set<String>> idsOf = new TreeMap<>();
        Set<String> persons = new HashSet<>();
        for (SequenceVerdict verdict : verdicts) {
            if (!verdict.usable()) {
                continue;
            }
            @Nullable String decided = verdict.decided();
            String id = decided == null ? ALONE + verdict.id() : GIVEN + decided;
            idToUnits
                    .computeIfAbsent(id, key -> new TreeMap<>())
                    .merge(verdict.unit(), weight.applyAsInt(verdict), Integer::sum);
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
     * (precision) and the share of its person that is in its group (recall), averaged over items.
     */
    public PrecisionRecall bcubed(Bootstrap bootstrap) {
        return of(bootstrap, this::bcubedPrecision, this::bcubedRecall);
    }

    /**
     * Pairs of items: together and of one person, among those together (precision), among those of one person (recall).
     */
    public PrecisionRecall pairwise(Bootstrap bootstrap) {
        return of(bootstrap, this::pairwisePrecision, this::pairwiseRecall);
    }

    private static PrecisionRecall of(
            Bootstrap bootstrap, ToDoubleFunction<Weights> precision, ToDoubleFunction<Weights> recall) {
        return new PrecisionRecall(
                bootstrap.estimate(precision::applyAsDouble),
                bootstrap.estimate(recall::applyAsDouble),
                bootstrap.estimate(weights -> {
                    double p = precision.applyAsDouble(weights);
                    double r = recall.applyAsDouble(weights);
                    return 2 * p * r / (p + r);
                }));
    }

    private double bcubedPrecision(Weights weights) {
        double sum = 0;
        double all = 0;
        for (Map<String, Integer> units : idToUnits.values()) {
            double group = 0;
            double squares = 0;
            for (Map.Entry<String, Integer> entry : units.entrySet()) {
                double items = (double) weights.of(entry.getKey()) * entry.getValue();
                group += items;
                squares += items * items;
            }
            sum += group > 0 ? squares / group : 0;
            all += group;
        }
        return sum / all;
    }

    private double bcubedRecall(Weights weights) {
        double sum = 0;
        double all = 0;
        for (Map<String, Integer> units : idToUnits.values()) {
            for (Map.Entry<String, Integer> entry : units.entrySet()) {
                double items = (double) weights.of(entry.getKey()) * entry.getValue();
                sum += items * entry.getValue() / size(entry.getKey());
                all += items;
            }
        }
        return sum / all;
    }

    private int size(String unit) {
        return sizes.getOrDefault(unit, 0);
    }

    private double pairwisePrecision(Weights weights) {
        double same = 0;
        double different = 0;
        for (Map<String, Integer> units : idToUnits.values()) {
            double group = 0;
            double squares = 0;
            for (Map.Entry<String, Integer> entry : units.entrySet()) {
                double items = (double) weights.of(entry.getKey()) * entry.getValue();
                group += items;
                squares += items * items;
                same += weights.of(entry.getKey()) * pairs(entry.getValue());
            }
            different += (group * group - squares) / 2;
        }
        return same / (same + different);
    }

    private double pairwiseRecall(Weights weights) {
        double together = 0;
        for (Map<String, Integer> units : idToUnits.values()) {
            for (Map.Entry<String, Integer> entry : units.entrySet()) {
                together += weights.of(entry.getKey()) * pairs(entry.getValue());
            }
        }
        double all = 0;
        for (Map.Entry<String, Integer> entry : sizes.entrySet()) {
            all += weights.of(entry.getKey()) * pairs(entry.getValue());
        }
        return together / all;
    }

    private static double pairs(int items) {
        return items * (items - 1.0) / 2;
    }

    /** Mean number of ids per person who was given any; 1 is right. */
    public Estimate fragmentation(Bootstrap bootstrap) {
        return bootstrap.estimate(weights -> {
            double ids = 0;
            double given = 0;
            for (String person : persons) {
                int count = idsOf.getOrDefault(person, Set.of()).size();
                ids += (double) weights.of(person) * count;
                given += count > 0 ? weights.of(person) : 0;
            }
            return ids / given;
        });
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
        return bootstrap.estimate(weights -> {
            double found = 0;
            for (Map.Entry<String, String> owner : owners.entrySet()) {
                found += owner.getKey().startsWith(GIVEN) ? weights.of(owner.getValue()) : 0;
            }
            double real = 0;
            for (String person : truth) {
                real += weights.of(person);
            }
            return Math.abs(found - real) / real;
        });
    }

    /** Ids that were given. */
    public long ids() {
        return idToUnits.keySet().stream().filter(id -> id.startsWith(GIVEN)).count();
    }
}
