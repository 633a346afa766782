package paseo.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Sequence;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;

/** People who walk past a camera, and what the tracker says of them. */
abstract class TrackerScenario {
    static final long STEP = 40_000;

    final Random random = new Random(42);
    final float[] anna = Scenes.person(1);
    final float[] bruno = Scenes.person(2);

    final List<Detections> walk(float[] person, int first, int frames) {
        List<Detections> records = new ArrayList<>();
        for (int i = first; i < first + frames; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(person, 100, 200)));
        }
        return records;
    }

    final Face seen(float[] person, float x, float y) {
        return Scenes.usable(box(x, y), Scenes.face(person, 0.6, random));
    }

    static Box box(float x, float y) {
        return new Box(x, y, 40, 48);
    }

    static List<SequenceEvent> track(List<Detections> records) {
        return track(records, TrackerParameters.standard());
    }

    static List<SequenceEvent> track(List<Detections> records, TrackerParameters parameters) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, parameters);
        return records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }

    static List<Sequence> sequences(List<SequenceEvent> events) {
        return events.stream()
                .filter(Sequence.class::isInstance)
                .map(Sequence.class::cast)
                .toList();
    }

    static List<Sequence> closed(List<SequenceEvent> events) {
        return sequences(events).stream()
                .filter(sequence -> sequence.phase() == Phase.CLOSED)
                .toList();
    }
}
