package paseo.frames;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;

/** Takes live frames as Kafka does and remembers them without their pixels. */
final class RecordedFrames implements LiveSink {
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    volatile double rate = RateControl.MOST;
    volatile boolean behind;
    volatile boolean refusing;
    /** Throws what nobody expects, at pictures. */
    volatile boolean broken;
    /** Thrown at whoever sends something. */
    volatile @Nullable Error unsendable;
    /** Thrown at whoever asks for the rate, which is a camera's own thread. */
    volatile @Nullable Error unanswered;

    @Override
    public void send(int partition, Frame frame, long ageMicros, Consumer<Boolean> done) {
        fail(unsendable);
        if (broken && frame.content() instanceof Image) {
            throw new IllegalStateException("as the test wants it");
        }
        if (!refusing) {
            frames.add(frame.content() instanceof Image image ? new Frame(frame.reference(), bare(image)) : frame);
        }
        done.accept(!refusing);
    }

    private static Image bare(Image image) {
        return new Image(
                ByteBuffer.allocate(0),
                image.width(),
                image.height(),
                image.sourceWidth(),
                image.sourceHeight(),
                image.staleAfterMicros(),
                image.leastFace(),
                image.still());
    }

    private static void fail(@Nullable Error error) {
        if (error != null) {
            throw error;
        }
    }

    @Override
    public double rate() {
        fail(unanswered);
        return rate;
    }

    @Override
    public boolean behind(int partition) {
        return behind;
    }

    List<Frame> of(String camera) {
        return frames.stream()
                .filter(frame -> frame.reference().camera().equals(camera))
                .toList();
    }

    List<Frame> images(String camera) {
        return of(camera).stream()
                .filter(frame -> frame.content() instanceof Image)
                .toList();
    }

    List<Heartbeat> heartbeats(String camera) {
        return of(camera).stream()
                .map(Frame::content)
                .filter(Heartbeat.class::isInstance)
                .map(Heartbeat.class::cast)
                .toList();
    }
}
