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

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // Plain IoU scores: choke1 .376/94, street .553/74, sidewalk .491/134, bengal .554/104.
        "choke1, .42, 47",
        "street, .60, 37",
        "sidewalk, .54, 67",
        "bengal, .60, 52",
        "terminal_1, 0, 10000",
        "terminal_3, 0, 10000"
    })
    void followsRealFacesBetterThanOverlapAlone(String name, double leastIdf1, int mostSwitches) throws IOException {
        Score score = score(read(name));
        System.out.println(name + " " + score);
        assertThat(score.idf1()).isGreaterThan(leastIdf1);
        assertThat(score.switches()).isLessThanOrEqualTo(mostSwitches);
    }

    private static Truth read(String name) throws IOException {
        List<String> lines = Files.readAllLines(Assets.require("ltft/" + name + ".txt"));
        List<List<Integer>> identities = new ArrayList<>();
        List<Detections> records = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.trim().split("\\s+", -1);
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
            long number = records.size();
            identities.add(people);
            records.add(Scenes.frame(number, Math.round(number * 1e6 / FRAMES_PER_SECOND), faces));
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
