package paseo.evaluation.tracking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import paseo.evaluation.scoring.Assignment;
import paseo.evaluation.tracking.Recording.Detection;
import paseo.evaluation.tracking.Recording.Frame;
import paseo.evaluation.tracking.Recording.Tracked;
import paseo.events.Box;

/**
 * The plainest baseline: each frame's boxes are paired with the last boxes of the tracks for the largest overlap; what
 * is left over starts tracks. A track waits {@value #PATIENCE} frames for its next box.
 */
final class OverlapTracker implements BoxTracker {
    private static final double LEAST_IOU = 0.3;
    private static final int PATIENCE = 30;

    private record Track(String id, Box last, int lastFrame) {}

    @Override
    public String name() {
        return "plain IoU";
    }

    @Override
    public List<List<Tracked>> follow(Recording recording) {
        List<List<Tracked>> all = new ArrayList<>();
        List<Track> tracks = new ArrayList<>();
        int started = 0;
        for (Frame frame : recording.frames()) {
            int number = all.size();
            tracks.removeIf(track -> number - track.lastFrame() > PATIENCE);
            List<Detection> detections = frame.detections();
            int[] detectionOf = pair(tracks, detections);
            List<Tracked> here = new ArrayList<>();
            Set<Integer> taken = new HashSet<>();
            for (int i = 0; i < detectionOf.length; i++) {
                int detection = detectionOf[i];
                if (detection >= 0) {
                    Track track = new Track(
                            tracks.get(i).id(), detections.get(detection).box(), number);
                    tracks.set(i, track);
                    taken.add(detection);
                    here.add(new Tracked(track.id(), track.last(), detection));
                }
            }
            for (int detection = 0; detection < detections.size(); detection++) {
                if (!taken.contains(detection)) {
                    Track track = new Track(
                            Integer.toString(started++),
                            detections.get(detection).box(),
                            number);
                    tracks.add(track);
                    here.add(new Tracked(track.id(), track.last(), detection));
                }
            }
            all.add(here);
        }
        return all;
    }

    private static int[] pair(List<Track> tracks, List<Detection> detections) {
        double[][] iou = new double[tracks.size()][detections.size()];
        for (int i = 0; i < iou.length; i++) {
            for (int j = 0; j < iou[i].length; j++) {
                iou[i][j] = tracks.get(i).last().iou(detections.get(j).box());
            }
        }
        int[] detectionOf = Assignment.largest(iou);
        for (int i = 0; i < detectionOf.length; i++) {
            if (detectionOf[i] >= 0 && iou[i][detectionOf[i]] < LEAST_IOU) {
                detectionOf[i] = -1;
            }
        }
        return detectionOf;
    }
}
