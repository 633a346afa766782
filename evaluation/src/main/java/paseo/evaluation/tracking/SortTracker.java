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
 * SORT (Bewley et al., Simple online and realtime tracking, ICIP 2016), from the paper and its published settings: a
 * Kalman filter of constant velocity on centre, area and aspect ratio, boxes paired by overlap with the predicted ones.
 *
 * <p>Its noises are diagonal and each coordinate has only its own velocity, so the filter of seven states falls apart
 * into three of two states and one of one.
 */
final class SortTracker implements BoxTracker {
    private static final double LEAST_IOU = 0.3;
    private static final int MAX_AGE = 1;
    private static final int MIN_HITS = 3;

    @Override
    public String name() {
        return "SORT";
    }

    @Override
    public List<List<Tracked>> follow(Recording recording) {
        List<List<Tracked>> all = new ArrayList<>();
        List<Track> tracks = new ArrayList<>();
        int started = 0;
        for (Frame frame : recording.frames()) {
            List<Detection> detections = frame.detections();
            tracks.removeIf(track -> !track.predict());
            Set<Integer> taken = new HashSet<>();
            int[] detectionOf = pair(tracks, detections);
            for (int i = 0; i < detectionOf.length; i++) {
                if (detectionOf[i] >= 0) {
                    tracks.get(i).update(detections.get(detectionOf[i]).box(), detectionOf[i]);
                    taken.add(detectionOf[i]);
                }
            }
            for (int detection = 0; detection < detections.size(); detection++) {
                if (!taken.contains(detection)) {
                    tracks.add(new Track(
                            Integer.toString(started++),
                            detections.get(detection).box(),
                            detection));
                }
            }
            boolean beginning = all.size() < MIN_HITS;
            all.add(tracks.stream()
                    .filter(track -> track.sinceUpdate == 0 && (beginning || track.streak >= MIN_HITS))
                    .map(track -> new Tracked(track.id, track.box(), track.detection))
                    .toList());
            tracks.removeIf(track -> track.sinceUpdate > MAX_AGE);
        }
        return all;
    }

    private static int[] pair(List<Track> tracks, List<Detection> detections) {
        double[][] iou = new double[tracks.size()][detections.size()];
        for (int i = 0; i < iou.length; i++) {
            Box predicted = tracks.get(i).box();
            for (int j = 0; j < iou[i].length; j++) {
                iou[i][j] = predicted.iou(detections.get(j).box());
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

    private static final class Track {
        final String id;
        private final Coordinate u;
        private final Coordinate v;
        private final Coordinate s;
        private final Coordinate r;
        int sinceUpdate;
        int streak;
        int detection;

        Track(String id, Box box, int detection) {
            this.id = id;
            this.detection = detection;
            u = Coordinate.moving(box.centreX(), 1, 1e-2);
            v = Coordinate.moving(box.centreY(), 1, 1e-2);
            s = Coordinate.moving(box.area(), 10, 1e-4);
            r = Coordinate.still(box.width() / box.height(), 10);
        }

        /** One frame on; false where the box has come to nothing. */
        boolean predict() {
            if (s.position + s.velocity <= 0) {
                s.velocity = 0;
            }
            u.predict();
            v.predict();
            s.predict();
            r.predict();
            streak = sinceUpdate > 0 ? 0 : streak;
            sinceUpdate++;
            return s.position > 0 && r.position > 0;
        }

        void update(Box box, int place) {
            sinceUpdate = 0;
            streak++;
            detection = place;
            u.update(box.centreX());
            v.update(box.centreY());
            s.update(box.area());
            r.update(box.width() / box.height());
        }

        Box box() {
            double width = Math.sqrt(s.position * r.position);
            double height = s.position / width;
            return new Box(
                    (float) (u.position - width / 2), (float) (v.position - height / 2), (float) width, (float) height);
        }
    }

    /** Kalman filter of one coordinate: position and velocity, the position measured, one frame a step. */
    private static final class Coordinate {
        private static final double POSITION_NOISE = 1;
        private static final double START_VARIANCE = 10;
        private static final double START_VELOCITY_VARIANCE = 10_000;

        private final double measurementNoise;
        private final double velocityNoise;
        private double position;
        private double velocity;
        private double pp = START_VARIANCE;
        private double pv;
        private double vv;

        private Coordinate(double position, double measurementNoise, double velocityNoise, double velocityVariance) {
            this.position = position;
            this.measurementNoise = measurementNoise;
            this.velocityNoise = velocityNoise;
            this.vv = velocityVariance;
        }

        static Coordinate moving(double position, double measurementNoise, double velocityNoise) {
            return new Coordinate(position, measurementNoise, velocityNoise, START_VELOCITY_VARIANCE);
        }

        static Coordinate still(double position, double measurementNoise) {
            return new Coordinate(position, measurementNoise, 0, 0);
        }

        void predict() {
            position += velocity;
            pp += 2 * pv + vv + POSITION_NOISE;
            pv += vv;
            vv += velocityNoise;
        }

        void update(double measured) {
            double innovation = measured - position;
            double variance = pp + measurementNoise;
            double positionGain = pp / variance;
            double velocityGain = pv / variance;
            position += positionGain * innovation;
            velocity += velocityGain * innovation;
            vv -= velocityGain * pv;
            pv -= positionGain * pv;
            pp -= positionGain * pp;
        }
    }
}
