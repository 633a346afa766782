package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Heartbeat;
import paseo.events.Sequence;
import paseo.events.SequenceEvent;
import paseo.testing.Assets;

/** Real faces with known identities, without pictures: what position alone can do. */
class RealTracksTest {
    private static final double FRAMES_PER_SECOND = 30;

    /** Identities by frame and place in the frame; -1 is a false alarm. */
    private record Truth(List<List<Integer>> identities, List<Detections> records) {}

    private record Score(double idf1, int switches, int sequences) {}

    @ParameterizedTest(name = "{0}, every frame of {1}")
    @CsvSource({
        // Overlap alone scores .376/94, .553/74, .491/134, .554/104 at all frames. Of the switches here, 55, 44, 29, 22
        // are people who were away for longer than a second.
        "choke1, 1, .39, 57", "street, 1, .57, 49", "sidewalk, 1, .63, 66", "bengal, 1, .78, 36",
        "choke1, 6, .39, 60", "street, 6, .59, 30", "sidewalk, 6, .62, 60", "bengal, 6, .73, 32"
    })
    void followsRealFacesBetterThanOverlapAlone(String name, int everyNth, double leastIdf1, int mostSwitches)
            throws IOException {
        Score score = score(read(name, everyNth));
        System.out.printf(
                "%s at %.0f fps: IDF1 %.3f, %d switches, %d sequences%n",
                name, FRAMES_PER_SECOND / everyNth, score.idf1(), score.switches(), score.sequences());
        assertThat(score.idf1()).isGreaterThan(leastIdf1);
        assertThat(score.switches()).isLessThanOrEqualTo(mostSwitches);
    }

    private static Truth read(String name, int everyNth) throws IOException {
        List<String> lines = Files.readAllLines(Assets.require("ltft/" + name + ".txt"));
        List<List<Integer>> identities = new ArrayList<>();
        List<Detections> records = new ArrayList<>();
        for (int frame = 0; frame < lines.size() - 1; frame += everyNth) {
            String[] fields = lines.get(frame + 1).trim().split("\\s+", -1);
            List<Integer> people = new ArrayList<>();
            List<Face> faces = new ArrayList<>();
            for (int i = 2; i + 6 < fields.length; i += 7) {
                boolean real = !fields[i + 5].equals("0");
                people.add(real ? Integer.parseInt(fields[i]) : -1);
                float[] box = new float[4];
                for (int j = 0; j < 4; j++) {
                    box[j] = Float.parseFloat(fields[i + 1 + j]);
                }
                faces.add(Scenes.unusable(new Box(box[0], box[1], box[2], box[3]), 0.9f));
            }
            identities.add(people);
            records.add(Scenes.frame(records.size(), Math.round(frame * 1e6 / FRAMES_PER_SECOND), faces));
        }
        long last = records.size() - 1L;
        records.add(Scenes.heartbeat(
                Heartbeat.State.ENDED, last, records.get((int) last).reference().captureTimeMicros()));
        return new Truth(identities, records);
    }

    private static Score score(Truth truth) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, TrackerParameters.standard());
        Map<Integer, Map<Long, Integer>> tracksOfPerson = new HashMap<>();
        Map<Integer, Integer> columns = new HashMap<>();
        int tracked = 0;
        int sequences = 0;
        for (Detections record : truth.records()) {
            for (SequenceEvent event : tracker.accept(record)) {
                if (event instanceof Sequence sequence) {
                    sequences += sequence.closeReason() == null ? 0 : 1;
                    int track = columns.computeIfAbsent((int) sequence.track(), key -> columns.size());
                    for (Sequence.Member member : sequence.newMembers()) {
                        tracked++;
                        int person =
                                truth.identities().get((int) member.frame()).get(member.faceIndex());
                        if (person >= 0) {
                            tracksOfPerson
                                    .computeIfAbsent(person, key -> new TreeMap<>())
                                    .put(member.frame(), track);
                        }
                    }
                }
            }
        }
        long real = truth.identities().stream()
                .flatMap(List::stream)
                .filter(person -> person >= 0)
                .count();
        return new Score(
                2.0 * agreed(tracksOfPerson, columns.size()) / (real + tracked), switches(tracksOfPerson), sequences);
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
