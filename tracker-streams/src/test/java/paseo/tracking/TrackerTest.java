package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.events.Detections;
import paseo.events.Face;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.Sequence.Phase;
import paseo.events.SequenceEvent;

/** When a sequence begins, what is said of it, and when it ends. */
class TrackerTest extends TrackerScenario {
    @Test
    void opensUpdatesAndClosesASequence() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            records.add(Scenes.frame(i, i * STEP, seen(anna, 100 + 3 * i, 200)));
        }
        records.add(Scenes.heartbeat(State.ENDED, 59, 60 * STEP));
        List<SequenceEvent> events = track(records);

        List<Sequence> sequences = sequences(events);
        // With three faces, so as to be sure, with the next few, so as to know who it is soon, and then each second.
        assertThat(sequences)
                .extracting(Sequence::usableCount)
                .containsExactly(3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 41, 60);
        assertThat(sequences.get(0).phase()).isEqualTo(Phase.OPENED);
        assertThat(sequences.subList(1, 11)).extracting(Sequence::phase).containsOnly(Phase.UPDATED);
        assertThat(sequences.get(11).phase()).isEqualTo(Phase.CLOSED);
        assertThat(sequences)
                .extracting(Sequence::revision)
                .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
        assertThat(sequences).extracting(Sequence::id).containsOnly(Sequence.idOf(Scenes.CAMERA, Scenes.EPOCH, 0, 0));
        assertThat(sequences.get(0).newMembers()).hasSize(3);
        Sequence closed = sequences.get(11);
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

    /** A detector that is wrong in every other frame of a hall would add to every track for as long as it lasts. */
    @Test
    void forgetsFalseAlarmsThatWereSeenWithSomebody() {
        List<Detections> records = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            List<Face> faces = new ArrayList<>(List.of(seen(anna, 100, 200), seen(bruno, 400, 200)));
            if (i % 2 == 1 && i < 190) {
                faces.add(Scenes.unusable(box(600 + 60 * (7 * (i / 2) % 10), 50 + 120 * (3 * (i / 2) % 5)), 0.7f));
            }
            records.add(Scenes.frame(i, i * STEP, faces));
        }
        Tracker tracker = new Tracker(Scenes.CAMERA, Scenes.EPOCH, TrackerParameters.standard());
        for (Detections record : records) {
            tracker.accept(record);
            assertThat(tracker.tracks())
                    .allSatisfy(track -> assertThat(track.seenWith).hasSizeLessThan(8));
        }
        List<Sequence> closed = closed(tracker.accept(Scenes.heartbeat(State.ENDED, 199, 220 * STEP)));
        assertThat(closed).hasSize(2);
        assertThat(closed.get(0).seenWith()).containsExactly(closed.get(1).id());
        assertThat(closed.get(1).seenWith()).containsExactly(closed.get(0).id());
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
}
