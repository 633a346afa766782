package paseo.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import paseo.events.Box;
import paseo.events.Landmarks;

/**
 * What a detector found: a box and five points, in pixels of the picture it looked at.
 *
 * @param box of the face
 * @param score in [0, 1]
 * @param points of the face
 */
record Detection(Box box, float score, Landmarks points) {
    /** The same face in a picture {@code x} times as wide and {@code y} times as high. */
    Detection scaled(float x, float y) {
        Box larger = new Box(box.x() * x, box.y() * y, box.width() * x, box.height() * y);
        return new Detection(larger, score, scaled(points, x, y));
    }

    /** The same points in a picture {@code x} times as wide and {@code y} times as high. */
    static Landmarks scaled(Landmarks points, float x, float y) {
        float[] moved = points.toArray();
        for (int i = 0; i < moved.length; i++) {
            moved[i] *= i % 2 == 0 ? x : y;
        }
        return Landmarks.of(moved);
    }

    /** Whether every value is a number and not infinite. */
    static boolean finite(float... values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A detection, where a detector's numbers make one.
     *
     * @param box left, top, width, height
     */
    static Optional<Detection> of(float score, float[] points, float... box) {
        return finite(score) && finite(points) && finite(box) && box[2] >= 0 && box[3] >= 0
                ? Optional.of(new Detection(new Box(box[0], box[1], box[2], box[3]), score, Landmarks.of(points)))
                : Optional.empty();
    }

    /**
     * Non-maximum suppression: of detections that overlap, the best stays.
     *
     * @param overlap largest intersection over union of two that stay
     * @return the best first; equal scores in the order given
     */
    static List<Detection> distinct(List<Detection> detections, float overlap) {
        List<Detection> sorted = new ArrayList<>(detections);
        sorted.sort(Comparator.comparingDouble(Detection::score).reversed());
        List<Detection> kept = new ArrayList<>();
        for (Detection candidate : sorted) {
            if (kept.stream().noneMatch(better -> better.box.iou(candidate.box) > overlap)) {
                kept.add(candidate);
            }
        }
        return kept;
    }
}
