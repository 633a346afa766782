package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Box;
import paseo.events.Face;
import paseo.events.Heartbeat;
import paseo.events.Sequence;
import paseo.testing.Assets;

/** The tracker on boxes that are no faces: people from head to foot, who hide each other. */
class RealPedestriansTest {
    private static final double FRAMES_PER_SECOND = 25;

    /** The detections of SORT's authors give false alarms up to here. */
    private static final TrackerParameters PARAMETERS =
            TrackerParameters.standard().withConfidentScore(0.7);

    private record Marked(int id, Box box, float score) {}

    private record Errors(int truth, int missed, int wrong, int switches) {
        double mota() {
            return 1 - (double) (missed + wrong + switches) / truth;
        }
    }

    /** So that the count of errors can be trusted. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"TUD-Campus, .526, 7", "TUD-Stadtmitte, .564, 7"})
    void countsErrorsAsPublished(String name, double mota, int switches) throws IOException {
        Errors errors = errors(read(name, "gt.txt"), read(name, "test.txt"));
        assertThat(Math.round(errors.mota() * 1_000) / 1_000.0).isEqualTo(mota);
        assertThat(errors.switches()).isEqualTo(switches);
    }

    /** SORT's published score with these detections. */
    @Test
    void isAsGoodAsSort() throws IOException {
        Errors errors = errors(read("TUD-Campus", "gt.txt"), tracked("TUD-Campus"));
        System.out.printf("TUD-Campus: MOTA %.3f, %s%n", errors.mota(), errors);
        assertThat(errors.mota()).isGreaterThanOrEqualTo(0.627);
        assertThat(errors.switches()).isLessThanOrEqualTo(6);
    }

    private static Map<Integer, List<Marked>> tracked(String name) throws IOException {
        Map<Integer, List<Marked>> found = read(name, "det_sort_frcnn.txt");
        int frames = found.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, PARAMETERS);
        List<Sequence> events = new ArrayList<>();
        for (int frame = 1; frame <= frames; frame++) {
            List<Face> faces = found.getOrDefault(frame, List.of()).stream()
                    .map(detection -> Scenes.unusable(detection.box, detection.score))
                    .toList();
            tracker.accept(Scenes.frame(frame, time(frame), faces)).forEach(event -> events.add((Sequence) event));
        }
        tracker.accept(Scenes.heartbeat(Heartbeat.State.ENDED, frames, time(frames))).stream()
                .filter(Sequence.class::isInstance)
                .forEach(event -> events.add((Sequence) event));
        Map<Integer, List<Marked>> tracked = new HashMap<>();
        for (Sequence sequence : events) {
            for (Sequence.Member member : sequence.newMembers()) {
                int frame = (int) member.frame();
                Marked detection = found.getOrDefault(frame, List.of()).get(member.faceIndex());
                tracked.computeIfAbsent(frame, key -> new ArrayList<>())
                        .add(new Marked((int) sequence.track(), detection.box, detection.score));
            }
        }
        return tracked;
    }

    private static long time(int frame) {
        return Math.round(frame * 1e6 / FRAMES_PER_SECOND);
    }

    /** Lines of the MOTChallenge: frame, id, left, top, width, height, score. */
    private static Map<Integer, List<Marked>> read(String name, String file) throws IOException {
        Map<Integer, List<Marked>> byFrame = new HashMap<>();
        for (String line : Files.readAllLines(Assets.require("mot/" + name + "/" + file))) {
            float[] fields = new float[7];
            String[] words = line.split(",", -1);
            for (int i = 0; i < fields.length; i++) {
                fields[i] = Float.parseFloat(words[i]);
            }
            byFrame.computeIfAbsent((int) fields[0], frame -> new ArrayList<>())
                    .add(new Marked((int) fields[1], new Box(fields[2], fields[3], fields[4], fields[5]), fields[6]));
        }
        return byFrame;
    }

    /** CLEAR MOT: who was matched before stays matched while they overlap by half; the others as well as possible. */
    private static Errors errors(Map<Integer, List<Marked>> truth, Map<Integer, List<Marked>> tracked) {
        Map<Integer, Integer> trackOf = new HashMap<>();
        int people = 0;
        int missed = 0;
        int wrong = 0;
        int switches = 0;
        int frames = truth.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
        for (int frame = 1; frame <= frames; frame++) {
            List<Marked> here = truth.getOrDefault(frame, List.of());
            List<Marked> said = tracked.getOrDefault(frame, List.of());
            int[] match = match(here, said, trackOf);
            int matched = 0;
            for (int i = 0; i < here.size(); i++) {
                if (match[i] >= 0) {
                    matched++;
                    int track = said.get(match[i]).id;
                    Integer before = trackOf.put(here.get(i).id, track);
                    switches += before != null && before != track ? 1 : 0;
                }
            }
            people += here.size();
            missed += here.size() - matched;
            wrong += said.size() - matched;
        }
        return new Errors(people, missed, wrong, switches);
    }

    private static int[] match(List<Marked> here, List<Marked> said, Map<Integer, Integer> trackOf) {
        double[][] benefit = new double[here.size()][said.size()];
        for (int i = 0; i < here.size(); i++) {
            for (int j = 0; j < said.size(); j++) {
                double iou = here.get(i).box.iou(said.get(j).box);
                boolean before = Integer.valueOf(said.get(j).id).equals(trackOf.get(here.get(i).id));
                if (iou >= 0.5) {
                    // More matches are worth more than better ones, those of before more than any others.
                    benefit[i][j] = iou + (before ? 10_000 : 10);
                }
            }
        }
        int[] match = new int[here.size()];
        Arrays.fill(match, -1);
        int[] best = Assignment.best(benefit);
        System.arraycopy(best, 0, match, 0, best.length);
        return match;
    }
}
