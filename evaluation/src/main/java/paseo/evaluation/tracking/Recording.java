package paseo.evaluation.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import paseo.evaluation.scoring.FrameBoxes;
import paseo.evaluation.scoring.FrameBoxes.Predicted;
import paseo.evaluation.scoring.FrameBoxes.Truth;
import paseo.events.Box;

/**
 * Boxes that a detector found in a video, and the truth.
 *
 * @param name of the sequence
 * @param framesPerSecond of the video
 * @param truthByDetection whether the truth says which detection is whose, so that place need not be compared
 * @param frames in order, empty ones included
 */
record Recording(String name, double framesPerSecond, boolean truthByDetection, List<Frame> frames) {
    /** Side and distance of the boxes that stand for detections where place isn't compared. */
    private static final int MARK = 10;

    /**
     * One frame.
     *
     * @param truth for a truth by detection in their order, a person for each
     */
    record Frame(List<Truth> truth, List<Detection> detections) {}

    /** What a detector found: a box and how sure it is, usually in [0, 1]. */
    record Detection(Box box, double score) {}

    /**
     * A box of a track.
     *
     * @param detection its place among the frame's detections
     */
    record Tracked(String track, Box box, int detection) {}

    /** A box that can be told from all others of its frame by the detection's place in the list. */
    static Box mark(int detection) {
        return new Box(2f * MARK * detection, 0, MARK, MARK);
    }

    double minutes() {
        return frames.size() / framesPerSecond / 60;
    }

    /** Truth and prediction side by side, for scoring. */
    List<FrameBoxes> with(List<List<Tracked>> tracked) {
        List<FrameBoxes> boxes = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            List<Predicted> predicted = tracked.get(i).stream()
                    .map(box -> new Predicted(box.track(), truthByDetection ? mark(box.detection()) : box.box()))
                    .toList();
            boxes.add(new FrameBoxes(frames.get(i).truth(), predicted));
        }
        return boxes;
    }

    /** Everybody in the truth. */
    Set<String> persons() {
        return frames.stream()
                .flatMap(frame -> frame.truth().stream())
                .map(Truth::person)
                .collect(Collectors.toSet());
    }
}
