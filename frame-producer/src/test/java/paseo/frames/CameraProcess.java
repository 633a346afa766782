package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import paseo.events.CameraStatus.State;
import paseo.events.Frame;
import paseo.events.Heartbeat;
import paseo.events.Image;
import paseo.events.Topics;

/** A {@link CameraProgram} and what it has sent. */
final class CameraProcess implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** So many times what something has taken on this machine is added to what it may take on an idle one. */
    static final int SLACK = 3;

    private final Process process;
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final Thread reader;

    CameraProcess(V4l2Device device, String url, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:ErrorFile=/dev/null",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+DisplayVMOutputToStderr",
                "-cp",
                System.getProperty("java.class.path"),
                CameraProgram.class.getName(),
                url);
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(device.environment());
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        reader = new Thread(this::read, "camera-process");
        reader.start();
    }

    private void read() {
        try (DataInputStream records = new DataInputStream(process.getInputStream())) {
            while (true) {
                frames.add(Topics.FRAMES.codec().decode(record(records)));
            }
        } catch (EOFException e) {
            // The program is over; how, its exit value says.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] record(DataInputStream records) throws IOException {
        byte[] record = new byte[records.readInt()];
        records.readFully(record);
        return record;
    }

    List<Frame> images() {
        return frames.stream().filter(frame -> frame.content() instanceof Image).toList();
    }

    /** The latest; empty before the first. */
    Optional<Heartbeat> heartbeat() {
        return frames.stream()
                .map(Frame::content)
                .filter(Heartbeat.class::isInstance)
                .map(Heartbeat.class::cast)
                .reduce((earlier, later) -> later);
    }

    /** Waits for a heartbeat that says so; gives how long that took. */
    Duration await(State state) {
        return await(state, "");
    }

    /** Waits for a heartbeat that says so and why. */
    Duration await(State state, String detail) {
        return awaitHeartbeat(
                heartbeat -> heartbeat.camera().orElseThrow().state() == state
                        && heartbeat.detail().contains(detail),
                state + " " + detail);
    }

    Duration awaitHeartbeat(Predicate<Heartbeat> condition, String what) {
        return until(() -> heartbeat().filter(condition).isPresent(), what);
    }

    /** Waits for so many more pictures. */
    Duration awaitPictures(int more) {
        int goal = images().size() + more;
        return until(() -> images().size() >= goal, more + " more pictures");
    }

    private Duration until(BooleanSupplier condition, String what) {
        Duration time = WatchedCamera.until(
                () -> condition.getAsBoolean() || !process.isAlive(),
                SOON,
                () -> what + ", but the latest is " + heartbeat());
        assertThat(process.isAlive())
                .as("runs while it is waited for: %s", what)
                .isTrue();
        return time;
    }

    /**
     * Waits until the camera is live for the first time.
     *
     * @return how much longer than on an idle machine things may take on this one
     */
    Duration awaitFirst() {
        await(State.LIVE);
        long first = frames.get(0).reference().captureTimeMicros();
        long live = frames.stream()
                .filter(frame -> frame.content() instanceof Heartbeat heartbeat
                        && heartbeat.camera().orElseThrow().state() == State.LIVE)
                .findFirst()
                .orElseThrow()
                .reference()
                .captureTimeMicros();
        return Duration.ofNanos((live - first) * 1000).multipliedBy(SLACK);
    }

    /** Ends the program as it should be ended; gives how long that took. */
    Duration stop() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        process.getOutputStream().close();
        assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                .as("ends when it is told to")
                .isTrue();
        reader.join(SOON.toMillis());
        assertThat(process.exitValue()).as("ends well").isZero();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
        // By its handle: else the reader would find its stream closed and not ended.
        process.toHandle().destroyForcibly();
    }
}
