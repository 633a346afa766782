package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Heartbeat.State;
import paseo.events.Sequence;
import paseo.events.Sequence.CloseReason;
import paseo.events.SequenceEvent;
import paseo.events.SequenceEvent.SessionEnded;

class CameraSessionsTest {
    private static final long STEP = 40_000;
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 3_600 * SECOND;

    private final CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
    private final List<SequenceEvent> events = new ArrayList<>();
    private int duplicates;
    private int refused;

    @Test
    void dropsWhatWasHereBefore() {
        List<Detections> records = Scenes.crowd(3, 4, 100, 25);
        records.forEach(this::accept);
        List<SequenceEvent> once = List.copyOf(events);
        records.forEach(this::accept);
        assertThat(events).isEqualTo(once);
        assertThat(duplicates).isEqualTo(records.size());
    }

    @Test
    void dropsStretchesThatComeTwice() {
        List<Detections> records = Scenes.crowd(3, 4, 100, 25);
        records.forEach(this::accept);
        List<SequenceEvent> once = List.copyOf(events);

        CameraSessions stuttering = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        List<SequenceEvent> again = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < records.size(); i++) {
            for (int j = Math.max(0, i - random.nextInt(6)); j <= i; j++) {
                if (stuttering.accept(records.get(j), 0) instanceof CameraSessions.Outcome.Accepted accepted) {
                    again.addAll(accepted.events());
                }
            }
        }
        assertThat(again).isEqualTo(once);
    }

    @Test
    void aNewSessionEndsTheOneBefore() {
        walk(1, 0, 5);
        walk(2, 0, 5);
        assertThat(events.get(3))
                .isInstanceOfSatisfying(
                        Sequence.class,
                        closed -> assertThat(closed.closeReason()).isEqualTo(CloseReason.CAMERA_LOST));
        assertThat(events.get(4)).isEqualTo(new SessionEnded(Scenes.CAMERA, 1, false, 4));
        assertThat(sessions.current())
                .hasValueSatisfying(current -> assertThat(current.epoch()).isEqualTo(2));
    }

    @Test
    void anInterruptedFileGoesOnWithNewTracks() {
        walk(1, 0, 5);
        walk(2, 0, 5);
        walk(1, 3, 7);
        accept(Scenes.inEpoch(1, Scenes.heartbeat(State.ENDED, 9, 10 * STEP)));
        assertThat(duplicates).isEqualTo(2);
        Sequence last = (Sequence) events.get(events.size() - 2);
        assertThat(last.track()).isEqualTo(1);
        assertThat(last.firstFrame()).isEqualTo(5);
        assertThat(events.get(events.size() - 1)).isEqualTo(new SessionEnded(Scenes.CAMERA, 1, true, 9));
    }

    @Test
    void aFileThatHadOnlyToSayThatItEndedIsComplete() {
        walk(1, 0, 5);
        walk(2, 0, 5);
        accept(Scenes.inEpoch(1, Scenes.heartbeat(State.STARTED, -1, 0)));
        assertThat(duplicates).isEqualTo(1);
        accept(Scenes.inEpoch(1, Scenes.heartbeat(State.ENDED, 4, 5 * STEP)));
        assertThat(events.get(events.size() - 1)).isEqualTo(new SessionEnded(Scenes.CAMERA, 1, true, 4));
    }

    @Test
    void aBrokenFileEndsIncomplete() {
        walk(1, 0, 5);
        accept(Scenes.inEpoch(1, Scenes.heartbeat(State.FAILED, 4, 5 * STEP)));
        accept(Scenes.inEpoch(1, Scenes.heartbeat(State.FAILED, 4, 5 * STEP)));
        assertThat(events.get(events.size() - 1)).isEqualTo(new SessionEnded(Scenes.CAMERA, 1, false, 4));
        assertThat(events.stream().filter(SessionEnded.class::isInstance)).hasSize(1);
    }

    @Test
    void aCameraNeverGoesBackToAnEarlierSession() {
        accept(Scenes.inEpoch(1, Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        walk(1, 0, 5);
        accept(Scenes.inEpoch(2, Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        int before = events.size();
        walk(1, 5, 5);
        assertThat(events).hasSize(before);
        assertThat(duplicates).isEqualTo(5);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 22: a live frame from the future does not stop the clock")
    void aLiveFrameFromTheFutureDoesNotStopTheClock() {
        accept(Scenes.liveHeartbeat(State.STARTED, -1, 0));
        accept(Scenes.frame(0, 4_000_000_000_000_000L));
        assertThat(refused).isEqualTo(1);
        accept(Scenes.frame(1, -5));
        assertThat(refused).isEqualTo(2);
        accept(Scenes.frame(2, STEP));
        assertThat(sessions.current())
                .hasValueSatisfying(current -> assertThat(current.state.time).isEqualTo(STEP));
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: a clock that is set back by an hour silences no live camera")
    void aClockThatIsSetBackSilencesNoCamera() {
        accept(live(9 * HOUR, State.STARTED, -1, 9 * HOUR), 9 * HOUR);
        for (int i = 0; i < 100; i++) {
            accept(Scenes.inEpoch(9 * HOUR, Scenes.frame(i, 9 * HOUR + i * STEP)), 8 * HOUR + i * STEP);
        }
        long now = 9 * HOUR + 100 * STEP;
        accept(live(9 * HOUR, State.ENDED, 99, now), now - HOUR);
        accept(live(now, State.STARTED, -1, now + SECOND), now + SECOND - HOUR);
        accept(Scenes.inEpoch(now, Scenes.frame(0, now + 2 * SECOND)), now + 2 * SECOND - HOUR);
        assertThat(refused + duplicates).isZero();
        accept(Scenes.inEpoch(now, Scenes.frame(1, now + 8 * SECOND)), now + 3 * SECOND - HOUR);
        assertThat(refused).as("leaps").isEqualTo(1);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: a camera whose clock is ahead since the broker's was set back goes on after a pause")
    void aCameraWhoseClockIsAheadGoesOnAfterAPause() {
        long start = cameraAheadByAnHour();
        accept(Scenes.inEpoch(start, Scenes.frame(2, start + 62 * SECOND)), start + 62 * SECOND - HOUR);
        accept(live(start, State.ENDED, 2, start + 63 * SECOND), start + 63 * SECOND - HOUR);
        long next = start + 120 * SECOND;
        accept(live(next, State.STARTED, -1, next), next - HOUR);
        assertThat(refused + duplicates).isZero();
        accept(Scenes.inEpoch(next, Scenes.frame(0, next + 66 * SECOND)), next + 60 * SECOND - HOUR);
        assertThat(refused).as("leaps").isEqualTo(1);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: such a camera goes on after a broker's restart that held a record up")
    void aCameraWhoseClockIsAheadGoesOnAfterARecordThatWasHeldUp() {
        long start = cameraAheadByAnHour();
        accept(Scenes.inEpoch(start, Scenes.frame(2, start + 2 * SECOND)), start + 10 * SECOND - HOUR);
        accept(Scenes.inEpoch(start, Scenes.frame(3, start + 10 * SECOND)), start + 10 * SECOND - HOUR);
        assertThat(refused + duplicates).isZero();
    }

    @Test
    void aCameraWhoseClockIsAheadGoesOnAfterAPauseOfItsTracker() {
        long start = cameraAheadByAnHour();
        CameraSessions loaded = Scenes.savedAndLoaded(sessions);
        Detections later = Scenes.inEpoch(start, Scenes.frame(2, start + 62 * SECOND));
        assertThat(loaded.accept(later, start + 62 * SECOND - HOUR))
                .isInstanceOf(CameraSessions.Outcome.Accepted.class);
    }

    @Test
    void howFarAClockIsAheadHoldsForItsSession() {
        long start = cameraAheadByAnHour();
        accept(live(start + SECOND, State.STARTED, -1, start + HOUR), start + HOUR);
        accept(Scenes.inEpoch(start + SECOND, Scenes.frame(0, start + HOUR + 6 * SECOND)), start + HOUR + SECOND);
        assertThat(refused).isEqualTo(1);
    }

    /** The broker's clock is set back by an hour a second after the camera's start. */
    private long cameraAheadByAnHour() {
        long start = 9 * HOUR;
        accept(live(start, State.STARTED, -1, start), start);
        accept(Scenes.inEpoch(start, Scenes.frame(0, start + SECOND)), start + SECOND - HOUR);
        accept(Scenes.inEpoch(start, Scenes.frame(1, start + 2 * SECOND - STEP)), start + 2 * SECOND - STEP - HOUR);
        assertThat(refused + duplicates).isZero();
        return start;
    }

    @Test
    @Tag("fault")
    @DisplayName("row 52: after a restart with a clock that was set back the camera goes on")
    void aSessionThatBeginsAfterTheClockWasSetBackIsTheNewerOne() {
        accept(live(9 * HOUR, State.STARTED, -1, 9 * HOUR), 9 * HOUR);
        accept(live(8 * HOUR, State.STARTED, -1, 8 * HOUR), 8 * HOUR);
        accept(Scenes.inEpoch(8 * HOUR, Scenes.frame(0, 8 * HOUR + SECOND)), 8 * HOUR + SECOND);
        assertThat(duplicates).isZero();
        accept(Scenes.inEpoch(9 * HOUR, Scenes.frame(0, 9 * HOUR)), 8 * HOUR + SECOND);
        accept(live(9 * HOUR, State.STARTED, -1, 9 * HOUR), 9 * HOUR);
        assertThat(duplicates + refused).as("delivered again").isEqualTo(2);
        assertThat(sessions.current())
                .hasValueSatisfying(current -> assertThat(current.epoch()).isEqualTo(8 * HOUR));
    }

    @Test
    void whatIsLeftOfAReplacedProducerIsLateWhileItsSuccessorSends() {
        accept(live(9 * HOUR, State.STARTED, -1, 9 * HOUR), 9 * HOUR);
        accept(live(9 * HOUR - SECOND, State.STARTED, -1, 9 * HOUR), 9 * HOUR + 2 * SECOND);
        assertThat(duplicates).isEqualTo(1);
        accept(live(9 * HOUR, State.ENDED, -1, 9 * HOUR + 4 * SECOND), 9 * HOUR + 5 * SECOND);
        CameraSessions loaded = Scenes.savedAndLoaded(sessions);
        Detections left = live(9 * HOUR - SECOND, State.LIVE, -1, 9 * HOUR);
        assertThat(loaded.accept(left, 9 * HOUR + 30 * SECOND)).isInstanceOf(CameraSessions.Outcome.Duplicate.class);
        assertThat(loaded.accept(left, 9 * HOUR + 40 * SECOND)).isInstanceOf(CameraSessions.Outcome.Accepted.class);
    }

    private static Detections live(long epoch, State state, long number, long timeMicros) {
        return Scenes.inEpoch(epoch, Scenes.liveHeartbeat(state, number, timeMicros));
    }

    @Test
    void onlyALiveCameraIsWaitedFor() {
        walk(1, 0, 5);
        assertThat(sessions.waiting()).isFalse();
        accept(Scenes.inEpoch(2, Scenes.liveHeartbeat(State.STARTED, -1, 0)));
        walk(2, 0, 5);
        assertThat(sessions.waiting()).isTrue();
        assertThat(sessions.silent())
                .singleElement()
                .isInstanceOfSatisfying(
                        Sequence.class,
                        closed -> assertThat(closed.closeReason()).isEqualTo(CloseReason.CAMERA_LOST));
        assertThat(sessions.waiting()).isFalse();
    }

    private void walk(long epoch, int first, int frames) {
        float[] person = Scenes.person(9);
        for (int i = first; i < first + frames; i++) {
            accept(Scenes.inEpoch(epoch, Scenes.frame(i, i * STEP, Scenes.usable(new Box(100, 100, 40, 48), person))));
        }
    }

    private void accept(Detections record) {
        accept(record, 60_000_000);
    }

    private void accept(Detections record, long arrivalMicros) {
        CameraSessions.Outcome outcome = sessions.accept(record, arrivalMicros);
        if (outcome instanceof CameraSessions.Outcome.Accepted accepted) {
            events.addAll(accepted.events());
        } else if (outcome instanceof CameraSessions.Outcome.Duplicate) {
            duplicates++;
        } else {
            refused++;
        }
    }
}
