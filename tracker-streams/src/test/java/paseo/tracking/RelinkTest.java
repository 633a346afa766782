package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;

/** People who come back after they were hidden for longer than a second. */
class RelinkTest {
    private static final long STEP = 40_000;

    private final Random random = new Random(4);
    private final float[] anna = Scenes.person(1);
    private final List<Detections> records = new ArrayList<>();

    @Test
    void findsSomebodyAgainWhoWalkedOn() {
        show(20, i -> List.of(nobody(100 + 3 * i, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(nobody(250 + 3 * i, 205)));
        List<Sequence> closed = closed();
        assertThat(closed).hasSize(1);
        assertThat(closed.get(0).faceCount()).isEqualTo(40);
        assertThat(closed.get(0).firstFrame()).isZero();
        assertThat(closed.get(0).lastFrame()).isEqualTo(89);
    }

    @Test
    void findsSomebodyAgainWhoStayed() {
        show(20, i -> List.of(nobody(100, 200)));
        show(110, i -> List.of());
        show(20, i -> List.of(nobody(110, 205)));
        assertThat(closed()).hasSize(1);
    }

    @Test
    void takesSomebodyElsewhereForSomebodyElse() {
        show(20, i -> List.of(nobody(100, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(nobody(700, 205)));
        assertThat(closed()).hasSize(2);
    }

    @Test
    void takesSomebodyOfAnotherSizeForSomebodyElse() {
        show(20, i -> List.of(nobody(100, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(Scenes.unusable(new Box(80, 180, 90, 108), 0.9f)));
        assertThat(closed()).hasSize(2);
    }

    @Test
    void doesNotGuessWhichOfTwoCameBack() {
        show(20, i -> List.of(nobody(100, 200), nobody(180, 200), nobody(900, 200)));
        show(50, i -> List.of(nobody(900, 200)));
        show(20, i -> List.of(nobody(140, 200), nobody(900, 200)));
        assertThat(closed()).hasSize(4);
    }

    @Test
    void doesNotGuessWhichOfTwoWasHereBefore() {
        show(20, i -> List.of(nobody(140, 200), nobody(900, 200)));
        show(50, i -> List.of(nobody(900, 200)));
        show(20, i -> List.of(nobody(100, 200), nobody(180, 200), nobody(900, 200)));
        assertThat(closed()).hasSize(4);
    }

    /** Each of the newcomer's faces is unlike, as of somebody half hidden; what they have in common is not. */
    @Test
    void findsAKnownPersonAgainByWhatThreeFacesHaveInCommon() {
        Track lost = track(0, 0, 10, anna, 0.3);
        lost.state.confirmed = true;
        for (int faces = 1; faces <= 4; faces++) {
            Track newcomer = track(1, 12, faces, anna, 1.5);
            assertThat(newcomer.template.faces()).noneMatch(face -> lost.looksLike(face.vector()));
            assertThat(Relink.mustWait(newcomer, List.of(lost, newcomer))).isEqualTo(faces < 3);
            assertThat(Relink.find(newcomer, List.of(lost, newcomer))).isEqualTo(faces < 3 ? null : lost);
        }
    }

    @Test
    void takesNobodyForAKnownPersonWithWhomHeHasNothingInCommon() {
        Track lost = track(0, 0, 10, anna, 0.3);
        lost.state.confirmed = true;
        Track newcomer = track(1, 12, 4, Scenes.person(2), 0.3);
        assertThat(Relink.mustWait(newcomer, List.of(lost, newcomer))).isFalse();
        assertThat(Relink.find(newcomer, List.of(lost, newcomer))).isNull();
    }

    /** Usable faces in one place, a tenth of a second apart. */
    private Track track(long number, int first, int faces, float[] person, double noise) {
        Track track = null;
        for (int frame = first; frame < first + faces; frame++) {
            long time = frame * 100_000L;
            Face face = Scenes.usable(new Box(100, 200, 40, 48), Scenes.face(person, noise, random));
            Candidate candidate = new Candidate(
                    0, face, true, Objects.requireNonNull(face.embedding()).toArray());
            if (track == null) {
                track = Track.start(number, Scenes.reference(frame, time), time, candidate);
            } else {
                track.join(frame, time, candidate);
            }
        }
        return Objects.requireNonNull(track);
    }

    /** The next shot shows others in the same places. */
    @Test
    void findsNobodyAgainAfterACut() {
        show(20, i -> List.of(nobody(100, 200), nobody(600, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(nobody(100, 200)));
        assertThat(closed()).hasSize(3);
        records.clear();
        show(20, i -> List.of(nobody(100, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(nobody(100, 200), nobody(600, 200)));
        assertThat(closed()).hasSize(3);
    }

    @Test
    void findsSomebodyAgainWhileOthersStay() {
        show(20, i -> List.of(nobody(100, 200), nobody(600, 200), nobody(900, 200)));
        show(50, i -> List.of(nobody(900, 200)));
        show(20, i -> List.of(nobody(100, 200), nobody(600, 200), nobody(900, 200)));
        assertThat(closed()).hasSize(3);
    }

    /** Anna may have turned away, or it is somebody else who stands where she stood. */
    @Test
    void neverGoesOnWithAFaceThatCannotBeComparedToAKnownOne() {
        for (boolean knownFirst : new boolean[] {true, false}) {
            records.clear();
            show(20, i -> List.of(knownFirst ? usable(100, 200) : nobody(100, 200)));
            show(35, i -> List.of());
            show(20, i -> List.of(knownFirst ? nobody(110, 200) : usable(110, 200)));
            assertThat(closed()).as("known first: %s", knownFirst).hasSize(2);
        }
    }

    @Test
    void closesWhoCanBeRecognisedSoonAndWaitsForWhoCannot() {
        show(20, i -> List.of(usable(100, 200), nobody(600, 200)));
        show(27, i -> List.of());
        assertThat(closedBeforeTheEnd()).singleElement().satisfies(sequence -> {
            assertThat(sequence.usableCount()).isEqualTo(20);
            assertThat(sequence.closeReason()).isEqualTo(CloseReason.LEFT_VIEW);
        });
        show(100, i -> List.of());
        assertThat(closedBeforeTheEnd()).hasSize(2);
    }

    @Test
    void waitsForNobodyWhenToldSo() {
        show(20, i -> List.of(nobody(100, 200)));
        show(50, i -> List.of());
        show(20, i -> List.of(nobody(100, 200)));
        TrackerParameters impatient = TrackerParameters.standard().withRelink(Duration.ZERO);
        assertThat(closed(track(impatient))).hasSize(2);
    }

    /** Before it was known who came back, somebody else had been seen beside them. */
    @Test
    void remembersWhoWasSeenBesideTheOneWhoCameBack() {
        show(20, i -> List.of(nobody(100, 200)));
        show(50, i -> i < 49 ? List.of() : List.of(usable(500, 200)));
        show(20, i -> List.of(nobody(100, 200), usable(500, 200)));
        List<Sequence> closed = closed();
        assertThat(closed).hasSize(2);
        assertThat(closed.get(0).seenWith()).containsExactly(closed.get(1).id());
        assertThat(closed.get(1).seenWith()).containsExactly(closed.get(0).id());
    }

    private interface Picture {
        List<Face> at(int i);
    }

    private void show(int frames, Picture picture) {
        for (int i = 0; i < frames; i++) {
            int number = records.size();
            records.add(Scenes.frame(number, number * STEP, picture.at(i)));
        }
    }

    private Face nobody(float x, float y) {
        return Scenes.unusable(new Box(x, y, 40, 48), 0.9f);
    }

    private Face usable(float x, float y) {
        return Scenes.usable(new Box(x, y, 40, 48), Scenes.face(anna, 0.6, random));
    }

    private List<Sequence> closed() {
        return closed(track(TrackerParameters.standard()));
    }

    private List<Sequence> closedBeforeTheEnd() {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, TrackerParameters.standard());
        return closed(records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList());
    }

    private List<SequenceEvent> track(TrackerParameters parameters) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, parameters);
        List<Detections> session = new ArrayList<>(records);
        int last = records.size() - 1;
        session.add(Scenes.heartbeat(State.ENDED, last, last * STEP));
        return session.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }

    private static List<Sequence> closed(List<SequenceEvent> events) {
        return events.stream()
                .filter(Sequence.class::isInstance)
                .map(Sequence.class::cast)
                .filter(sequence -> sequence.phase() == Phase.CLOSED)
                .toList();
    }
}
