package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Heartbeat.State;
import paseo.events.SequenceEvent;
import paseo.tracking.state.Sessions;

class StateCodecTest {
    private static final long STEP = 40_000;

    private final List<Detections> records = new ArrayList<>();

    @Test
    void goesOnFromTheStateOfVersion1() throws InvalidProtocolBufferException {
        for (int frame = 0; frame < 40; frame++) {
            records.add(Scenes.frame(
                    frame, frame * STEP, Scenes.usable(new Box(100 + frame, 100, 40, 48), Scenes.person(3))));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        // After the event with the eighth face and before the next one: version 1 knew of a new usable face.
        CameraSessions old = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        accept(old, 0, 20);
        CameraSessions read = decode(asVersion1(StateCodec.encode(old)), old);
        assertThat(accept(read, 20, 41)).isEqualTo(accept(old, 20, 41)).isNotEmpty();
    }

    @Test
    void goesOnFromAStateThatDoesNotSayHowFarTheClockIsAhead() throws InvalidProtocolBufferException {
        CameraSessions ahead = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        ahead.accept(Scenes.liveHeartbeat(State.STARTED, -1, 0), 0);
        for (int second = 1; second <= 20; second++) {
            ahead.accept(Scenes.frame(second, second * 1_000_000L), 0);
        }
        byte[] old = Sessions.parseFrom(StateCodec.encode(ahead)).toBuilder()
                .clearLeadUs()
                .build()
                .toByteArray();
        CameraSessions read = decode(old, ahead);
        assertThat(read.accept(Scenes.frame(21, 21_000_000), 1_000_000))
                .isInstanceOf(CameraSessions.Outcome.Accepted.class);
        assertThat(read.accept(Scenes.frame(22, 41_000_000), 21_000_000))
                .isInstanceOf(CameraSessions.Outcome.Accepted.class);
    }

    /** Two known people meet, and a face is seen that cannot be compared: it waits until both are seen again. */
    @Test
    void bringsBackAPartThatMustBeProven() {
        for (int frame = 0; frame < 40; frame++) {
            Box left = new Box(100 + 4 * frame, 200, 40, 48);
            Box right = new Box(260 - 4 * frame, 200, 40, 48);
            records.add(
                    frame == 20 || frame == 21
                            ? Scenes.frame(frame, frame * STEP, Scenes.unusable(left, 0.8f))
                            : Scenes.frame(
                                    frame,
                                    frame * STEP,
                                    Scenes.usable(left, Scenes.person(3)),
                                    Scenes.usable(right, Scenes.person(4))));
        }
        records.add(Scenes.heartbeat(State.ENDED, 39, 40 * STEP));
        CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        accept(sessions, 0, 22);
        CameraSessions read = decode(StateCodec.encode(sessions), sessions);
        assertThat(unproven(read)).isEqualTo(unproven(sessions)).contains(true);
        assertThat(accept(read, 22, 41)).isEqualTo(accept(sessions, 22, 41)).isNotEmpty();
    }

    private static List<Boolean> unproven(CameraSessions sessions) {
        return sessions.current().orElseThrow().tracks().stream()
                .map(track -> track.head().state.unproven)
                .toList();
    }

    @Test
    void refusesWhatALaterBuildWrote() throws InvalidProtocolBufferException {
        CameraSessions sessions = new CameraSessions(Scenes.CAMERA, TrackerParameters.standard());
        byte[] later = Sessions.parseFrom(StateCodec.encode(sessions)).toBuilder()
                .setVersion(4)
                .build()
                .toByteArray();
        assertThatThrownBy(() -> decode(later, sessions))
                .isInstanceOf(UnreadableStateException.class)
                .hasMessageContaining("version 4")
                .hasMessageContaining("reads versions 1 to 3");
    }

    @SuppressWarnings("deprecation") // writes what version 1 wrote
    private static byte[] asVersion1(byte[] state) throws InvalidProtocolBufferException {
        Sessions.Builder sessions = Sessions.parseFrom(state).toBuilder().setVersion(1);
        sessions.getCurrentBuilder()
                .getTracksBuilderList()
                .forEach(track -> track.setNewUsable(track.getUsableCount() > track.getEventUsable())
                        .clearEventUsable());
        return sessions.build().toByteArray();
    }

    private static CameraSessions decode(byte[] state, CameraSessions withFaces) {
        Map<List<Long>, KeptFace> faces = new HashMap<>();
        withFaces
                .current()
                .ifPresent(tracker -> tracker.tracks()
                        .forEach(track -> track.template
                                .faces()
                                .forEach(face -> faces.put(List.of(track.state.number, face.frame()), face))));
        return StateCodec.decode(Scenes.CAMERA, state, TrackerParameters.standard(), (track, frame) -> {
            KeptFace face = faces.get(List.of(track, frame));
            if (face == null) {
                throw new IllegalStateException("no face of frame " + frame);
            }
            return face;
        });
    }

    private List<SequenceEvent> accept(CameraSessions sessions, int from, int to) {
        List<SequenceEvent> events = new ArrayList<>();
        for (Detections record : records.subList(from, to)) {
            if (sessions.accept(record, 0) instanceof CameraSessions.Outcome.Accepted accepted) {
                events.addAll(accepted.events());
            }
        }
        return events;
    }
}
