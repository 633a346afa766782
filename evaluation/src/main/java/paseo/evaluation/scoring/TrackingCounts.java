package paseo.evaluation.scoring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How people were followed, counted by person, so that videos can be put together and persons resampled. Pairings are
 * made once, on everything; resampling only weighs their counts.
 *
 * <p>A box that fits nobody is counted with the person whom its track mostly follows, or with nobody; every other one
 * with the person whom it fits, so that nobody has more matches than boxes, however often they are drawn.
 */
public final class TrackingCounts {
    private static final String NOBODY = "nobody/";

    private final Map<String, TrackingScore> byUnit;
    private final Map<String, TrackTruth> tracks;

    private TrackingCounts(Map<String, TrackingScore> byUnit, Map<String, TrackTruth> tracks) {
        this.byUnit = byUnit;
        this.tracks = tracks;
    }

    /**
     * Who a track follows in truth.
     *
     * @param person most of its boxes, those included that need not be found; null where none matches anybody
     * @param purity share of the boxes that match somebody that are the person's; 0 without any
     * @param boxes that count
     * @param matched to anybody
     * @param neutral that don't count, see {@link FrameBoxes.Role}
     */
    public record TrackTruth(@Nullable String person, double purity, int boxes, int matched, int neutral) {}

    /**
     * Counts one video.
     *
     * @param frames in order
     */
    public static TrackingCounts of(List<FrameBoxes> frames) {
        PreparedFrames prepared = new PreparedFrames(frames);
        ClearMatches clear = new ClearMatches(prepared);
        Map<String, TrackTruth> tracks = tracks(prepared, clear);
        Map<String, TrackingScore> byUnit = new TreeMap<>();
        for (PreparedFrames.Frame frame : prepared.frames) {
            for (int person : frame.persons) {
                unit(byUnit, prepared.persons.name(person)).truth++;
            }
        }
        HigherOrderMatches higherOrder = new HigherOrderMatches(prepared);
        long[] identified = identified(prepared);
        for (int person = 0; person < prepared.persons.size(); person++) {
            TrackingScore score = unit(byUnit, prepared.persons.name(person));
            score.switches += clear.switches[person];
            score.fragments += clear.fragments[person];
            score.identified += identified[person];
            for (int alpha = 0; alpha < HigherOrderMatches.ALPHAS; alpha++) {
                score.found[alpha] += higherOrder.found[person][alpha];
                score.association[alpha] += higherOrder.association[person][alpha];
            }
        }
        countBoxes(prepared, clear, tracks, byUnit);
        return new TrackingCounts(byUnit, tracks);
    }

    private static TrackingScore unit(Map<String, TrackingScore> byUnit, String name) {
        return byUnit.computeIfAbsent(name, key -> new TrackingScore());
    }

    private static void countBoxes(
            PreparedFrames prepared,
            ClearMatches clear,
            Map<String, TrackTruth> tracks,
            Map<String, TrackingScore> byUnit) {
        for (int i = 0; i < prepared.frames.size(); i++) {
            PreparedFrames.Frame frame = prepared.frames.get(i);
            @Nullable String[] shown = new String[frame.tracks.length];
            int[] columnOf = clear.columns.get(i);
            for (int row = 0; row < columnOf.length; row++) {
                if (columnOf[row] >= 0) {
                    String person = prepared.persons.name(frame.persons[row]);
                    shown[columnOf[row]] = person;
                    unit(byUnit, person).matched++;
                }
            }
            for (int column = 0; column < shown.length; column++) {
                String track = prepared.tracks.name(frame.tracks[column]);
                String person = shown[column] == null ? follows(tracks, track) : shown[column];
                unit(byUnit, person == null ? NOBODY + track : person).predicted++;
            }
        }
    }

    private static @Nullable String follows(Map<String, TrackTruth> tracks, String track) {
        TrackTruth truth = tracks.get(track);
        return truth == null ? null : truth.person();
    }

    /** By person the boxes that the one track has in common with it which serves everybody best. */
    private static long[] identified(PreparedFrames prepared) {
        double[][] common = new double[prepared.persons.size()][prepared.tracks.size()];
        for (PreparedFrames.Frame frame : prepared.frames) {
            double[][] overlapping = PreparedFrames.atLeast(PreparedFrames.LEAST_IOU, frame.iou);
            for (int row = 0; row < overlapping.length; row++) {
                for (int column = 0; column < overlapping[row].length; column++) {
                    common[frame.persons[row]][frame.tracks[column]] += overlapping[row][column] > 0 ? 1 : 0;
                }
            }
        }
        int[] trackOf = Assignment.largest(common);
        long[] identified = new long[common.length];
        for (int person = 0; person < identified.length; person++) {
            identified[person] = trackOf[person] < 0 ? 0 : (long) common[person][trackOf[person]];
        }
        return identified;
    }

    private static Map<String, TrackTruth> tracks(PreparedFrames prepared, ClearMatches clear) {
        Map<String, Map<String, Integer>> followed = new HashMap<>();
        Map<String, Integer> boxes = new HashMap<>();
        for (int i = 0; i < prepared.frames.size(); i++) {
            PreparedFrames.Frame frame = prepared.frames.get(i);
            for (int track : frame.tracks) {
                boxes.merge(prepared.tracks.name(track), 1, Integer::sum);
            }
            int[] columnOf = clear.columns.get(i);
            for (int row = 0; row < columnOf.length; row++) {
                if (columnOf[row] >= 0) {
                    followed.computeIfAbsent(prepared.tracks.name(frame.tracks[columnOf[row]]), key -> new TreeMap<>())
                            .merge(prepared.persons.name(frame.persons[row]), 1, Integer::sum);
                }
            }
        }
        Set<String> names = new TreeSet<>(boxes.keySet());
        names.addAll(prepared.neutral.keySet());
        Map<String, TrackTruth> tracks = new TreeMap<>();
        for (String track : names) {
            tracks.put(
                    track,
                    truth(
                            followed.getOrDefault(track, Map.of()),
                            prepared.neutralOf.getOrDefault(track, Map.of()),
                            boxes.getOrDefault(track, 0),
                            prepared.neutral.getOrDefault(track, 0)));
        }
        return tracks;
    }

    private static TrackTruth truth(
            Map<String, Integer> followed, Map<String, Integer> excused, int boxes, int neutral) {
        int matched = sum(followed);
        Map<String, Integer> shown = new TreeMap<>(followed);
        excused.forEach((person, count) -> shown.merge(person, count, Integer::sum));
        if (shown.isEmpty()) {
            return new TrackTruth(null, 0, boxes, matched, neutral);
        }
        String person = Identification.owner(shown);
        return new TrackTruth(person, (double) shown.getOrDefault(person, 0) / sum(shown), boxes, matched, neutral);
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Both together: sums of counts, so that a long video weighs more than a short one.
     *
     * @param other of another video; a person of both is one person
     */
    public TrackingCounts plus(TrackingCounts other) {
        Map<String, TrackingScore> sum = new TreeMap<>();
        byUnit.forEach((unit, score) -> unit(sum, unit).add(score));
        other.byUnit.forEach((unit, score) -> unit(sum, unit).add(score));
        Map<String, TrackTruth> both = new TreeMap<>(tracks);
        both.putAll(other.tracks);
        return new TrackingCounts(sum, both);
    }

    /**
     * The same with units put together, such as all appearances of a person.
     *
     * @param name of the unit that one of {@link #units} belongs to
     */
    public TrackingCounts by(UnaryOperator<String> name) {
        Map<String, TrackingScore> together = new TreeMap<>();
        byUnit.forEach((unit, score) -> unit(together, name.apply(unit)).add(score));
        return new TrackingCounts(together, tracks);
    }

    /** Who each track follows. */
    public Map<String, TrackTruth> tracks() {
        return tracks;
    }

    /** Who has to be resampled. */
    public Set<String> units() {
        return byUnit.keySet();
    }

    /** The scores of everybody. */
    public TrackingScore score() {
        TrackingScore all = new TrackingScore();
        byUnit.values().forEach(score -> all.add(score));
        return all;
    }

    /**
     * A score with its interval, such as {@code estimate(bootstrap, TrackingScore::hota)}.
     *
     * @param bootstrap that knows at least the {@link #units}
     */
    public Estimate estimate(Bootstrap bootstrap, ToDoubleFunction<TrackingScore> score) {
        Map<String, double[]> counts = new TreeMap<>();
        byUnit.forEach((unit, one) -> counts.put(unit, one.counts()));
        return bootstrap.estimate(Bootstrap.ofSums(counts, sums -> score.applyAsDouble(TrackingScore.of(sums))));
    }
}
