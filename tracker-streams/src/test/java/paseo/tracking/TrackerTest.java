package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

class TrackerTest {
    private static final long STEP = 40_000;

    private final Random random = new Random(42);
    private final float[] anna = Scenes.person(1);
    private final float[] bruno = Scenes.person(2);

    @Test
    void opensUpdatesAndClosesASequence() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 3 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 59, 60 * STEP));
        List<SequenceEvent> events = track(records);

        List<Sequence> sequences = sequences(events);
        assertThat(sequences)
                .extracting(Sequence::phase)
                .containsExactly(Phase.OPENED, Phase.UPDATED, Phase.UPDATED, Phase.UPDATED, Phase.CLOSED);
        assertThat(sequences).extracting(Sequence::revision).containsExactly(0, 1, 2, 3, 4);
        // With three faces, so as to be sure, with eight, so as to know who it is soon, and then each second.
        assertThat(sequences).extracting(Sequence::usableCount).containsExactly(3, 8, 33, 58, 60);
        assertThat(sequences).extracting(Sequence::id).containsOnly(Sequence.idOf(Scenes.CAMERA, Scenes.EPOCH, 0, 0));
        assertThat(sequences.get(0).newMembers()).hasSize(3);
        Sequence closed = sequences.get(4);
        assertThat(closed.closeReason()).isEqualTo(CloseReason.SESSION_ENDED);
        assertThat(closed.faceCount()).isEqualTo(60);
        assertThat(closed.lastTimeMicros()).isEqualTo(59 * STEP);
        assertThat(closed.modelPack()).isEqualTo(Scenes.PACK);
        assertThat(sequences.stream()
                        .mapToInt(sequence -> sequence.newMembers().size())
                        .sum())
                .isEqualTo(60);
        assertThat(events.get(events.size() - 1))
                .isEqualTo(new SequenceEvent.SessionEnded(Scenes.CAMERA, Scenes.EPOCH, true, 59));
    }

    @Test
    void takesASingleFaceForAFalseAlarm() {
        assertThat(track(List.of(
                        Scenes.frame(0, 0, seen(anna, 100, 200)),
                        Scenes.frame(1, STEP),
                        Scenes.frame(2, 20 * STEP),
                        Scenes.heartbeat(State.ENDED, 2, 20 * STEP))))
                .containsExactly(new SequenceEvent.SessionEnded(Scenes.CAMERA, Scenes.EPOCH, true, 2));
    }

    @Test
    void keepsAShortAppearanceWithAUsableFace() {
        List<Sequence> sequences = sequences(track(List.of(
                Scenes.frame(0, 0, seen(anna, 100, 200)),
                Scenes.frame(1, STEP, Scenes.unusable(box(101, 200), 0.7f)),
                Scenes.frame(2, 2 * STEP, Scenes.unusable(box(101, 200), 0.7f)),
                Scenes.heartbeat(State.ENDED, 2, 2 * STEP))));
        assertThat(sequences).extracting(Sequence::phase).containsExactly(Phase.OPENED, Phase.CLOSED);
        assertThat(sequences.get(1).usableCount()).isEqualTo(1);
    }

    /** A slow camera shows a passer-by twice; two boxes of one moment may have been about two people. */
    @Test
    void twoFacesAreASequenceOnlyWhereFacesComeSlowly() {
        for (long apart : new long[] {STEP, 500_000}) {
            List<Sequence> sequences = sequences(track(List.of(
                    Scenes.frame(0, 0, seen(anna, 100, 200)),
                    Scenes.frame(1, apart, seen(anna, 101, 200)),
                    Scenes.frame(2, 2 * apart),
                    Scenes.heartbeat(State.ENDED, 2, 2 * apart))));
            assertThat(sequences.isEmpty()).as("%d µs", apart).isEqualTo(apart == STEP);
        }
    }

    /** At a cut a stranger stands near where somebody stood whose face cannot be compared. */
    @Test
    void joinsAFaceThatCannotBeComparedOnlyWhereItMustBe() {
        for (boolean knownFirst : new boolean[] {true, false}) {
            List<Detections> records = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                boolean second = i >= 10;
                Box box = second ? new Box(117, 180, 64, 84) : new Box(100, 200, 48, 64);
                Face face = second == knownFirst
                        ? Scenes.unusable(box, 0.9f)
                        : Scenes.usable(box, Scenes.face(anna, 0.6, random));
                records.add(Scenes.frame(i, i * STEP, face));
            }
            records.add(Scenes.heartbeat(State.ENDED, 19, 20 * STEP));
            assertThat(sequences(track(records)).stream().filter(event -> event.phase() == Phase.CLOSED))
                    .extracting(Sequence::firstFrame, Sequence::lastFrame)
                    .containsExactlyInAnyOrder(tuple(0L, 9L), tuple(10L, 19L));
        }
    }

    /** The same, but the faces after it say that it was the person before. */
    @Test
    void keepsAFaceThatCannotBeComparedWhereTheNextOneTells() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            Box box = i < 10 ? new Box(100, 200, 48, 64) : new Box(117, 180, 64, 84);
            boolean turned = i >= 10 && i < 13;
            records.add(Scenes.frame(
                    i,
                    i * STEP,
                    turned ? Scenes.unusable(box, 0.9f) : Scenes.usable(box, Scenes.face(anna, 0.6, random))));
        }
        records.add(Scenes.heartbeat(State.ENDED, 20, 21 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactly(tuple(0L, 20L, 21));
    }

    @Test
    void keepsAPersonWhoseFaceIsNeverUsable() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            records.add(Scenes.frame(i, i * STEP, Scenes.unusable(box(100 + i, 200), 0.7f)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 9, 10 * STEP));
        assertThat(sequences(track(records))).hasSize(2).allSatisfy(sequence -> {
            assertThat(sequence.template()).isNull();
            assertThat(sequence.usableCount()).isZero();
        });
    }

    @Test
    void closesByCaptureTimeWhenAPersonHasLeft() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 5));
        records.add(Scenes.heartbeat(State.LIVE, 4, 4 * STEP + 1_000_000));
        assertThat(closed(track(records))).isEmpty();
        records.add(Scenes.heartbeat(State.LIVE, 4, 4 * STEP + 1_000_001));
        assertThat(closed(track(records))).extracting(Sequence::closeReason).containsExactly(CloseReason.LEFT_VIEW);
    }

    @Test
    void countsFramesThatWereNotLookedAt() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 5));
        records.add(new Detections(
                Scenes.reference(5, 2_000_000), new Detections.Dropped(Detections.Dropped.Reason.STALE, "")));
        assertThat(closed(track(records))).hasSize(1);
    }

    @Test
    void saysWhenTheCameraWasLost() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 5));
        records.add(Scenes.liveHeartbeat(State.RECONNECTING, 4, 5 * STEP));
        records.add(Scenes.liveHeartbeat(State.RECONNECTING, 4, 2_000_000));
        assertThat(closed(track(records))).extracting(Sequence::closeReason).containsExactly(CloseReason.CAMERA_LOST);
    }

    @Test
    void findsAPersonAgainAfterAShortOcclusion() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean hidden = i >= 15 && i < 30;
            records.add(hidden ? Scenes.frame(i, i * STEP) : Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        assertThat(closed(track(records))).hasSize(1);
    }

    /** The next shot begins where the last one ended, with somebody else in the same place. */
    @Test
    void neverGoesOnWithAnotherPersonAfterACut() {
        for (int gap : new int[] {0, 6, 13}) {
            List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
            for (int i = 0; i < gap; i++) {
                records.add(Scenes.frame(10 + i, (10 + i) * STEP));
            }
            records.addAll(walk(bruno, 10 + gap, 10));
            records.add(Scenes.heartbeat(State.ENDED, 19 + gap, (20 + gap) * STEP));
            List<Sequence> closed = closed(track(records));
            assertThat(closed).as("gap %d", gap).hasSize(2);
            assertThat(closed.get(0).lastFrame()).isEqualTo(9);
            assertThat(closed.get(1).firstFrame()).isEqualTo(10 + gap);
            assertThat(closed.get(1).seenWith()).isEmpty();
        }
    }

    @Test
    void endsASequenceThatIsContradictedTwiceUnlessThePersonComesBack() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 3));
        assertThat(closed(track(records))).isEmpty();
        records.add(Scenes.heartbeat(State.LIVE, 12, 9 * STEP + 1_000_001));
        assertThat(closed(track(records))).extracting(Sequence::closeReason).containsExactly(CloseReason.AMBIGUOUS);
    }

    @Test
    void findsAPersonAgainWhoWasHiddenBehindAnother() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 5));
        records.addAll(walk(anna, 15, 10));
        records.add(Scenes.heartbeat(State.ENDED, 24, 25 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactlyInAnyOrder(tuple(0L, 24L, 20), tuple(10L, 14L, 5));
    }

    /** Where somebody known just was, two faces that are not theirs may be anything: a box over two heads, for one. */
    @Test
    void saysNothingOfAScrapWhereSomebodyKnownWas() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 2));
        records.addAll(walk(anna, 12, 10));
        records.add(Scenes.heartbeat(State.ENDED, 21, 22 * STEP));
        assertThat(closed(track(records)))
                .extracting(Sequence::firstFrame, Sequence::lastFrame, Sequence::faceCount)
                .containsExactly(tuple(0L, 21L, 20));
    }

    /**
     * Three faces are enough for a sequence, but not to say that it is nobody who was there before: that takes 0.2 s.
     */
    @Test
    void announcesANewcomerWhereSomebodyWasLostWhenItsFacesTell() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 10));
        assertThat(sequences(track(records)).stream().filter(event -> event.phase() == Phase.OPENED))
                .extracting(Sequence::usableCount)
                .containsExactly(3, 6);
    }

    /** A face that cannot be compared is not simply the lost one's when somebody else's was just seen in that place. */
    @Test
    void givesNoFaceThatCannotBeComparedToSomebodyContradicted() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 1));
        for (int i = 11; i < 20; i++) {
            records.add(Scenes.frame(i, i * STEP, Scenes.unusable(box(100, 200), 0.9f)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 19, 20 * STEP));
        assertThat(closed(track(records)).stream().filter(sequence -> sequence.firstFrame() == 0))
                .extracting(Sequence::lastFrame)
                .containsExactly(9L);
    }

    @Test
    void survivesOneSpoiltFace() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 10));
        records.addAll(walk(bruno, 10, 1));
        records.addAll(walk(anna, 11, 10));
        records.add(Scenes.heartbeat(State.ENDED, 20, 21 * STEP));
        assertThat(closed(track(records))).hasSize(1);
    }

    @Test
    void tellsPeopleWhoCrossApartByTheirFaces() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 10 * i, 200), seen(bruno, 490 - 10 * i, 205)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        List<Sequence> closed = closed(track(records));
        assertThat(closed).hasSize(2);
        assertThat(closed.get(0).seenWith()).containsExactly(closed.get(1).id());
        assertThat(closed.get(1).seenWith()).containsExactly(closed.get(0).id());
    }

    /** Two known people meet; then one face comes out of it that nobody can recognise. */
    @Test
    void givesAFaceThatEitherCouldBeToNeither() {
        List<Detections> records = meet();
        records.add(Scenes.heartbeat(State.ENDED, 21, 22 * STEP));
        List<Sequence> closed = closed(track(records));
        assertThat(closed)
                .hasSize(2)
                .allSatisfy(sequence -> assertThat(sequence.lastFrame()).isLessThan(20));
        assertThat(closed)
                .extracting(Sequence::closeReason)
                .containsExactlyInAnyOrder(CloseReason.AMBIGUOUS, CloseReason.SESSION_ENDED);
    }

    /** The same, and then their faces are seen again. */
    @Test
    void waitsForTheFaceThatTellsWhoIsWho() {
        List<Detections> records = meet();
        for (int i = 22; i < 40; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200), seen(bruno, 260 - 4 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        List<SequenceEvent> events = track(records);
        assertThat(closed(events))
                .extracting(Sequence::firstFrame, Sequence::lastFrame)
                .containsExactly(tuple(0L, 39L), tuple(0L, 39L));
        assertThat(sequences(events).stream()
                        .flatMap(event -> event.newMembers().stream()
                                .filter(member -> member.frame() < 20 || member.frame() > 21)
                                .map(member -> event.track() + "/" + member.faceIndex()))
                        .distinct())
                .containsExactlyInAnyOrder("0/0", "1/1");
    }

    private List<Detections> meet() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 4 * i, 200), seen(bruno, 260 - 4 * i, 200)));
        }
        records.add(Scenes.frame(20, 20 * STEP, Scenes.unusable(box(180, 200), 0.8f)));
        records.add(Scenes.frame(21, 21 * STEP, Scenes.unusable(box(180, 200), 0.8f)));
        return records;
    }

    @Test
    void beginsAnewWhenASequenceIsFull() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 30));
        records.add(Scenes.heartbeat(State.ENDED, 29, 30 * STEP));
        TrackerParameters small = TrackerParameters.standard().withLimits(Duration.ofMinutes(1), 12);
        List<Sequence> closed = closed(track(records, small));
        assertThat(closed).extracting(Sequence::faceCount).containsExactly(12, 12, 6);
        assertThat(closed)
                .extracting(Sequence::closeReason)
                .containsExactly(CloseReason.FULL, CloseReason.FULL, CloseReason.SESSION_ENDED);
    }

    @Test
    void takesAFaceFoundTwiceForOne() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Face sure = seen(anna, 100, 200);
            Face again = Scenes.unusable(box(104, 203), 0.7f);
            records.add(Scenes.frame(i, i * STEP, again, sure));
        }
        records.add(Scenes.heartbeat(State.ENDED, 9, 10 * STEP));
        List<Sequence> closed = closed(track(records));
        assertThat(closed).hasSize(1);
        assertThat(closed.get(0).usableCount()).isEqualTo(10);
        assertThat(closed.get(0).seenWith()).isEmpty();
    }

    @Test
    void followsASlowCamera() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add(Scenes.frame(30L * i, i * 1_200_000L, seen(anna, 100 + 10 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 150, 7_200_000));
        assertThat(closed(track(records))).extracting(Sequence::faceCount).containsExactly(6);
    }

    @Test
    void doesNotMixModelPacks() {
        List<Detections> records = new ArrayList<>(walk(anna, 0, 5));
        for (Detections record : walk(anna, 5, 5)) {
            Detections.Faces faces = (Detections.Faces) record.content();
            records.add(new Detections(
                    record.reference(),
                    new Detections.Faces("other@1", faces.embeddingDimension(), 1280, 720, faces.faces())));
        }
        records.add(Scenes.heartbeat(State.ENDED, 9, 10 * STEP));
        assertThat(closed(track(records))).extracting(Sequence::modelPack).containsExactly(Scenes.PACK, "other@1");
    }

    private List<Detections> walk(float[] person, int first, int frames) {
        List<Detections> records = new ArrayList<>();
        for (int i = first; i < first + frames; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(person, 100, 200)));
        }
        return records;
    }

    private Face seen(float[] person, float x, float y) {
        return Scenes.usable(box(x, y), Scenes.face(person, 0.6, random));
    }

    private static Box box(float x, float y) {
        return new Box(x, y, 40, 48);
    }

    private static List<SequenceEvent> track(List<Detections> records) {
        return track(records, TrackerParameters.standard());
    }

    private static List<SequenceEvent> track(List<Detections> records, TrackerParameters parameters) {
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, parameters);
        return records.stream()
                .flatMap(record -> tracker.accept(record).stream())
                .toList();
    }

    private static List<Sequence> sequences(List<SequenceEvent> events) {
        return events.stream()
                .filter(Sequence.class::isInstance)
                .map(Sequence.class::cast)
                .toList();
    }

    private static List<Sequence> closed(List<SequenceEvent> events) {
        return sequences(events).stream()
                .filter(sequence -> sequence.phase() == Phase.CLOSED)
                .toList();
    }
}
