package paseo.evaluation.tracking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import paseo.evaluation.tracking.Recording.Detection;
import paseo.evaluation.tracking.Recording.Frame;
import paseo.evaluation.tracking.Recording.Tracked;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.FrameReference;
import paseo.events.Heartbeat;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.events.Source;
import paseo.events.Usability;
import paseo.tracking.Tracker;
import paseo.tracking.TrackerParameters;

/** The tracker that is shipped, as it is shipped; all it gets here is boxes, as if no face were good enough to know. */
final class PaseoTracker implements BoxTracker {
    private static final String CAMERA = "recording";
    private static final String NO_PACK = "none@0";
    private static final double MICROS = 1e6;

    @Override
    public String name() {
        return "Paseo";
    }

    @Override
    public List<List<Tracked>> follow(Recording recording) {
        Tracker tracker = new Tracker(CAMERA, 0, TrackerParameters.standard());
        List<List<Tracked>> all = new ArrayList<>();
        for (Frame frame : recording.frames()) {
            FrameReference reference = reference(recording, all.size());
            all.add(new ArrayList<>());
            List<Face> faces =
                    frame.detections().stream().map(PaseoTracker::face).toList();
            collect(
                    tracker.accept(new Detections(reference, new Detections.Faces(NO_PACK, 0, 0, 0, faces))),
                    recording,
                    all);
        }
        Source source = new Source(recording.name(), Source.Kind.FILE, 0, 0, recording.framesPerSecond(), 0);
        Heartbeat end = new Heartbeat(Heartbeat.State.ENDED, source, "");
        collect(tracker.accept(new Detections(reference(recording, all.size() - 1), end)), recording, all);
        all.forEach(frame -> frame.sort(Comparator.comparingInt(Tracked::detection)));
        return all;
    }

    private static FrameReference reference(Recording recording, int frame) {
        long micros = Math.round(frame * MICROS / recording.framesPerSecond());
        return new FrameReference(CAMERA, 0, frame, micros, micros);
    }

    private static Face face(Detection detection) {
        Box box = detection.box();
        float x = box.centreX();
        float y = box.centreY();
        return new Face(
                box,
                (float) detection.score(),
                Landmarks.of(x, y, x, y, x, y, x, y, x, y),
                new Pose(0, 0, 0),
                0,
                Usability.TOO_SMALL,
                null,
                null);
    }

    private static void collect(List<SequenceEvent> events, Recording recording, List<List<Tracked>> all) {
        for (SequenceEvent event : events) {
            if (event instanceof Sequence sequence) {
                for (Sequence.Member member : sequence.newMembers()) {
                    int frame = (int) member.frame();
                    Box box = recording
                            .frames()
                            .get(frame)
                            .detections()
                            .get(member.faceIndex())
                            .box();
                    all.get(frame).add(new Tracked(Long.toString(sequence.track()), box, member.faceIndex()));
                }
            }
        }
    }
}
