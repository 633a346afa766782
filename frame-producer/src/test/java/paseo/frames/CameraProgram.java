package paseo.frames;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import paseo.events.CameraStatus.State;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Topics;

/**
 * A program that watches one camera until its input ends, and writes what it would send to Kafka to its output, each
 * record behind its length: for cameras that a process of their own must be led to believe in.
 */
final class CameraProgram implements LiveSink {
    static final String ID = "webcam";
    /** Second argument: pictures wait until their connection is over, as they do where publishers are slow. */
    static final String LATE = "late";

    private final DataOutputStream records = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    private final LivePublisher publisher = new LivePublisher(1);
    private final boolean late;
    private @Nullable LiveCamera waiting;

    private CameraProgram(boolean late) {
        this.late = late;
    }

    public static void main(String[] arguments) throws IOException {
        System.setOut(System.err);
        new CameraProgram(arguments.length > 1 && arguments[1].equals(LATE)).watch(arguments[0]);
    }

    private void watch(String url) throws IOException {
        LiveCamera camera = new LiveCamera(
                new CameraTarget(ID, new CameraAddress(url), 0, 0, Optional.empty(), 0),
                0,
                ProducerSettings.of("localhost:1"),
                this,
                new LiveClock(),
                this::ready,
                new SimpleMeterRegistry(),
                Duration.ZERO);
        try (publisher) {
            publisher.add(camera);
            while (System.in.read() >= 0) {
                // Nothing is said here; its end is the order to stop.
            }
        }
    }

    private synchronized void ready(LiveCamera camera) {
        if (late) {
            waiting = camera;
        } else {
            publisher.ready(camera);
        }
    }

    @Override
    public synchronized void send(int partition, Frame frame, long ageMicros, Consumer<Boolean> done) {
        try {
            byte[] record = Topics.FRAMES.codec().encode(frame);
            records.writeInt(record.length);
            records.write(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        done.accept(true);
        boolean away = frame.content() instanceof Heartbeat heartbeat
                && heartbeat.camera().orElseThrow().state() == State.RECONNECTING;
        if (away && waiting != null) {
            publisher.ready(waiting);
            waiting = null;
        }
    }

    @Override
    public double rate() {
        return RateControl.MOST;
    }

    @Override
    public boolean behind(int partition) {
        return false;
    }
}
