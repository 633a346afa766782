package paseo.evaluation.scoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import paseo.evaluation.scoring.FrameBoxes.Predicted;
import paseo.evaluation.scoring.FrameBoxes.Role;
import paseo.evaluation.scoring.FrameBoxes.Truth;
import paseo.events.Box;

/**
 * Frames without what doesn't count, persons and tracks numbered. A prediction doesn't count when the best pairing of
 * all boxes at IoU {@value #LEAST_IOU} gives it a neutral one (as MOTChallenge does with its distractor classes), or
 * when it's given none and lies in a region.
 */
final class PreparedFrames {
    /** Overlap at which a prediction is the same thing as a true box, the usual one of CLEAR MOT and IDF1. */
    static final double LEAST_IOU = 0.5;

    /** Keeps an overlap of exactly the threshold in spite of rounding. */
    static final double EPSILON = Math.ulp(1.0);

    private static final double LEAST_INSIDE = 0.5;

    /** One frame. */
    static final class Frame {
        /** By row. */
        final int[] persons;
        /** By column. */
        final int[] tracks;
        /** Of each pair. */
        final double[][] iou;

        Frame(int[] persons, int[] tracks, double[][] iou) {
            this.persons = persons;
            this.tracks = tracks;
            this.iou = iou;
        }
    }

    final List<Frame> frames = new ArrayList<>();
    final Numbers persons = new Numbers();
    final Numbers tracks = new Numbers();
    /** Boxes by track that didn't count. */
    final Map<String, Integer> neutral = new LinkedHashMap<>();
    /** Whose faces that need not be found they fit, by track. */
    final Map<String, Map<String, Integer>> neutralOf = new LinkedHashMap<>();

    /** Names in the order in which they first came. */
    static final class Numbers {
        private final Map<String, Integer> numbers = new LinkedHashMap<>();
        private final List<String> names = new ArrayList<>();

        int of(String name) {
            Integer number = numbers.putIfAbsent(name, names.size());
            if (number == null) {
                names.add(name);
                return names.size() - 1;
            }
            return number;
        }

        String name(int number) {
            return names.get(number);
        }

        int size() {
            return names.size();
        }
    }

    PreparedFrames(List<FrameBoxes> all) {
        all.forEach(this::add);
    }

    private void add(FrameBoxes boxes) {
        List<Predicted> counted = countedPredictions(boxes);
        List<Truth> truth =
                boxes.truth().stream().filter(box -> box.role() == Role.COUNTED).toList();
        int[] rows = truth.stream().mapToInt(box -> persons.of(box.person())).toArray();
        int[] columns = counted.stream().mapToInt(box -> tracks.of(box.track())).toArray();
        frames.add(new Frame(rows, columns, iou(truth, counted)));
    }

    private List<Predicted> countedPredictions(FrameBoxes boxes) {
        List<Truth> single =
                boxes.truth().stream().filter(box -> box.role() != Role.REGION).toList();
        if (single.stream().allMatch(box -> box.role() == Role.COUNTED)
                && single.size() == boxes.truth().size()) {
            return boxes.predicted();
        }
        int[] columnOf = Assignment.largest(atLeast(LEAST_IOU, iou(single, boxes.predicted())));
        @Nullable Truth[] given = new Truth[boxes.predicted().size()];
        for (int row = 0; row < columnOf.length; row++) {
            if (columnOf[row] >= 0) {
                given[columnOf[row]] = single.get(row);
            }
        }
        List<Predicted> counted = new ArrayList<>();
        for (int i = 0; i < given.length; i++) {
            Predicted predicted = boxes.predicted().get(i);
            Truth fits = given[i];
            if (fits == null ? !inRegion(predicted.box(), boxes.truth()) : fits.role() == Role.COUNTED) {
                counted.add(predicted);
                continue;
            }
            neutral.merge(predicted.track(), 1, Integer::sum);
            if (fits != null) {
                neutralOf
                        .computeIfAbsent(predicted.track(), track -> new TreeMap<>())
                        .merge(fits.person(), 1, Integer::sum);
            }
        }
        return counted;
    }

    private static boolean inRegion(Box box, List<Truth> truth) {
        return truth.stream()
                .filter(region -> region.role() == Role.REGION)
                .anyMatch(region -> inside(box, region.box()) >= LEAST_INSIDE);
    }

    /** Share of the box that lies in the region. */
    private static double inside(Box box, Box region) {
        double width = Math.min(box.x() + box.width(), region.x() + region.width()) - Math.max(box.x(), region.x());
        double height = Math.min(box.y() + box.height(), region.y() + region.height()) - Math.max(box.y(), region.y());
        return width <= 0 || height <= 0 ? 0 : width * height / box.area();
    }

    private static double[][] iou(List<Truth> truth, List<Predicted> predicted) {
        double[][] iou = new double[truth.size()][predicted.size()];
        for (int row = 0; row < iou.length; row++) {
            for (int column = 0; column < iou[row].length; column++) {
                iou[row][column] =
                        truth.get(row).box().iou(predicted.get(column).box());
            }
        }
        return iou;
    }

    /** What is below the threshold becomes 0. */
    static double[][] atLeast(double threshold, double[][] iou) {
        double[][] kept = new double[iou.length][];
        for (int row = 0; row < iou.length; row++) {
            kept[row] = new double[iou[row].length];
            for (int column = 0; column < kept[row].length; column++) {
                kept[row][column] = iou[row][column] >= threshold - EPSILON ? iou[row][column] : 0;
            }
        }
        return kept;
    }
}
