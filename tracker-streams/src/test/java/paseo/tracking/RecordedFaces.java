package paseo.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Heartbeat;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.testing.Assets;

/**
 * Real faces with known identities, without pictures: what position alone can do.
 *
 * @param identities by frame and place in the frame; -1 is a false alarm
 * @param boxes by frame and place in the frame
 * @param records the same as a session's
 */
record RecordedFaces(List<List<Integer>> identities, List<List<Box>> boxes, List<Detections> records) {
    static final double FRAMES_PER_SECOND = 30;

    /**
     * How well tracks follow people. Both counts are over all detections, false alarms included.
     *
     * @param idf1 in [0, 1]
     * @param switches how often a person's next face is in another track than the one before, however long after
     * @param tracks how many
     */
    record Score(double idf1, int switches, int tracks) {}

    static RecordedFaces read(String name, int everyNth) throws IOException {
        List<String> lines = Files.readAllLines(Assets.require("ltft/" + name + ".txt"));
        RecordedFaces recorded = new RecordedFaces(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int frame = 0; frame < lines.size() - 1; frame += everyNth) {
            recorded.add(frame, lines.get(frame + 1).trim().split("\\s+", -1));
        }
        long last = recorded.records.size() - 1L;
        recorded.records.add(Scenes.heartbeat(
                Heartbeat.State.ENDED,
                last,
                recorded.records.get((int) last).reference().captureTimeMicros()));
        return recorded;
    }

    /** A line of the data: two numbers, then id, x, y, width, height, whether it's a face, and a score. */
    private void add(int frame, String[] fields) {
        List<Integer> people = new ArrayList<>();
        List<Box> places = new ArrayList<>();
        List<Face> faces = new ArrayList<>();
        for (int i = 2; i + 6 < fields.length; i += 7) {
            boolean real = !fields[i + 5].equals("0");
            people.add(real ? Integer.parseInt(fields[i]) : -1);
            Box box = new Box(
                    Float.parseFloat(fields[i + 1]),
                    Float.parseFloat(fields[i + 2]),
                    Float.parseFloat(fields[i + 3]),
                    Float.parseFloat(fields[i + 4]));
            places.add(box);
            faces.add(Scenes.unusable(box, 0.9f));
        }
        identities.add(people);
        boxes.add(places);
        records.add(Scenes.frame(records.size(), Math.round(frame * 1e6 / FRAMES_PER_SECOND), faces));
    }

    /** The tracker on these records. */
    Score tracked(TrackerParameters parameters) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, parameters);
        Map<Long, List<Sequence.Member>> tracks = new TreeMap<>();
        for (Detections record : records) {
            for (SequenceEvent event : tracker.accept(record)) {
                if (event instanceof Sequence sequence) {
                    tracks.computeIfAbsent(sequence.track(), key -> new ArrayList<>())
                            .addAll(sequence.newMembers());
                }
            }
        }
        return score(tracks.values().stream().toList());
    }

    /**
     * Plain overlap: the assignment with the largest sum of overlaps with the last boxes; pairs that overlap less than
     * .3 are parted again; a track lives 30 frames without a face.
     */
    Score byOverlap() {
        record Live(List<Sequence.Member> members, Box box) {}
        List<List<Sequence.Member>> tracks = new ArrayList<>();
        List<Live> live = new ArrayList<>();
        for (int frame = 0; frame < boxes.size(); frame++) {
            int now = frame;
            live.removeIf(
                    track -> now - track.members.get(track.members.size() - 1).frame() > 30);
            List<Box> here = boxes.get(frame);
            double[][] overlap = new double[live.size()][here.size()];
            for (int t = 0; t < live.size(); t++) {
                for (int b = 0; b < here.size(); b++) {
                    overlap[t][b] = live.get(t).box.iou(here.get(b)) + 1e-9;
                }
            }
            int[] boxOf = Assignment.best(overlap);
            boolean[] taken = new boolean[here.size()];
            for (int t = 0; t < boxOf.length; t++) {
                if (boxOf[t] >= 0 && overlap[t][boxOf[t]] >= 0.3) {
                    taken[boxOf[t]] = true;
                    live.get(t).members.add(new Sequence.Member(frame, boxOf[t]));
                    live.set(t, new Live(live.get(t).members, here.get(boxOf[t])));
                }
            }
            for (int b = 0; b < here.size(); b++) {
                if (!taken[b]) {
                    List<Sequence.Member> members = new ArrayList<>(List.of(new Sequence.Member(frame, b)));
                    tracks.add(members);
                    live.add(new Live(members, here.get(b)));
                }
            }
        }
        return score(tracks);
    }

    /**
     * What nobody can do better who ends a track when its person is out of view for longer than this: every visit one
     * pure track, false alarms in none.
     */
    Score visits(double seconds) {
        Map<Integer, List<Sequence.Member>> visits = new HashMap<>();
        List<List<Sequence.Member>> tracks = new ArrayList<>();
        for (int frame = 0; frame < identities.size(); frame++) {
            for (int i = 0; i < identities.get(frame).size(); i++) {
                int person = identities.get(frame).get(i);
                List<Sequence.Member> visit = visits.get(person);
                if (person >= 0
                        && (visit == null || seconds(visit.get(visit.size() - 1).frame(), frame) > seconds)) {
                    visit = new ArrayList<>();
                    visits.put(person, visit);
                    tracks.add(visit);
                }
                if (person >= 0 && visit != null) {
                    visit.add(new Sequence.Member(frame, i));
                }
            }
        }
        return score(tracks);
    }

    private double seconds(long from, long to) {
        return (records.get((int) to).reference().captureTimeMicros()
                        - records.get((int) from).reference().captureTimeMicros())
                / 1e6;
    }

    private Score score(List<List<Sequence.Member>> tracks) {
        Map<Integer, Map<Long, Integer>> tracksOfPerson = new TreeMap<>();
        int tracked = 0;
        for (int track = 0; track < tracks.size(); track++) {
            for (Sequence.Member member : tracks.get(track)) {
                tracked++;
                int person = identities.get((int) member.frame()).get(member.faceIndex());
                if (person >= 0) {
                    tracksOfPerson
                            .computeIfAbsent(person, key -> new TreeMap<>())
                            .put(member.frame(), track);
                }
            }
        }
        long real = identities.stream()
                .flatMap(List::stream)
                .filter(person -> person >= 0)
                .count();
        return new Score(
                2.0 * agreed(tracksOfPerson, tracks.size()) / (real + tracked),
                switches(tracksOfPerson),
                tracks.size());
    }

    /** Faces of the best one-to-one pairing of people and tracks. */
    private static long agreed(Map<Integer, Map<Long, Integer>> tracksOfPerson, int tracks) {
        double[][] shared = new double[tracksOfPerson.size()][tracks];
        int row = 0;
        for (Map<Long, Integer> track : tracksOfPerson.values()) {
            for (int column : track.values()) {
                shared[row][column]++;
            }
            row++;
        }
        int[] columnOf = Assignment.best(shared);
        long agreed = 0;
        for (int i = 0; i < columnOf.length; i++) {
            agreed += columnOf[i] < 0 ? 0 : (long) shared[i][columnOf[i]];
        }
        return agreed;
    }

    private static int switches(Map<Integer, Map<Long, Integer>> tracksOfPerson) {
        int switches = 0;
        for (Map<Long, Integer> tracks : tracksOfPerson.values()) {
            Integer before = null;
            for (Integer track : tracks.values()) {
                if (before != null && !before.equals(track)) {
                    switches++;
                }
                before = track;
            }
        }
        return switches;
    }
}
