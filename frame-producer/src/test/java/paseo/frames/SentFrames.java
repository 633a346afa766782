package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Heartbeat.State;
import paseo.events.Image;

/** What workers have taken, by session. */
final class SentFrames {
    private SentFrames() {}

    /** A session is whole: STARTED, every frame in order, ENDED, and only heartbeats between. */
    static void assertSession(List<Frame> frames, String camera, int count) {
        List<Frame> session = of(frames, camera);
        assertThat(session.get(0).content())
                .isInstanceOfSatisfying(
                        Heartbeat.class, first -> assertThat(first.state()).isEqualTo(State.STARTED));
        assertThat(session.get(0).reference().number()).isEqualTo(-1);
        assertThat(session.get(session.size() - 1).content())
                .isInstanceOfSatisfying(
                        Heartbeat.class, last -> assertThat(last.state()).isEqualTo(State.ENDED));
        assertThat(session.get(session.size() - 1).reference().number()).isEqualTo(count - 1);
        assertThat(images(frames, camera))
                .extracting(frame -> frame.reference().number())
                .containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
        assertThat(images(frames, camera))
                .extracting(frame -> frame.reference().captureTimeMicros())
                .isSorted();
    }

    /** As the tracker sees it: what is not later than what it has is dropped. */
    static List<Frame> withoutRepetitions(List<Frame> frames) {
        List<Frame> fresh = new ArrayList<>();
        long last = -1;
        for (Frame frame : frames) {
            if (frame.content() instanceof Heartbeat) {
                fresh.add(frame);
            } else if (frame.reference().number() > last) {
                last = frame.reference().number();
                fresh.add(frame);
            }
        }
        return fresh;
    }

    static List<Frame> of(List<Frame> frames, String camera) {
        return frames.stream()
                .filter(frame -> frame.reference().camera().equals(camera))
                .toList();
    }

    static List<Frame> images(List<Frame> frames, String camera) {
        return of(frames, camera).stream()
                .filter(frame -> frame.content() instanceof Image)
                .toList();
    }
}
