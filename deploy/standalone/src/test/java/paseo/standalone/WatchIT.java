package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.CameraStatus.State;
import paseo.operations.Management;
import paseo.testing.Assets;
import paseo.testing.rtsp.Fault;
import paseo.testing.rtsp.LabCamera;

/** A camera that plays a real video in real time, through the whole system. */
@Tag("e2e")
class WatchIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void peopleAreRecognisedWhileTheyPassAndTheCameraMayFail() throws IOException {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (LabCamera camera = new LabCamera(PlayedVideo.of(video, directory.resolve("video.h264")))) {
            camera.demand("viewer:secret");
            String url = camera.url().replace("rtsp://", "rtsp://viewer:secret@");
            Watch watch = new Watch(
                    RunSettings.of(List.of(url), directory.resolve("data")), terminal(), Management.silent(meters));
            CompletableFuture<Void> watching = CompletableFuture.runAsync(watch::execute);
            try {
                await(watching, () -> people("seen before") > 0, "somebody is recognised");
                camera.fault(Fault.RESET);
                await(watching, () -> state(watch) == State.RECONNECTING, "the break is noticed");
                camera.fault(Fault.NONE);
                await(watching, () -> state(watch) == State.LIVE, "the camera is back");
            } finally {
                watch.stop();
            }
            watching.join();
        }
        String output = said.toString(StandardCharsets.UTF_8);
        assertThat(output).contains("  new").contains("seen before, similarity").doesNotContain("secret", "viewer");
        assertThat(meters.get("paseo.frames.age").timer().max(TimeUnit.MILLISECONDS))
                .as("age of the oldest picture that was looked at")
                .isLessThan(2_000);
        assertThat(sum(meters, "paseo.frames.read"))
                .isEqualTo(sum(meters, "paseo.frames.published") + producerDrops(meters));
        assertThat(people("new")).isBetween(1, 6);
    }

    @Test
    void saysAtOnceThatNothingAnswers() {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Watch watch = new Watch(
                RunSettings.of(List.of("rtsp://127.0.0.1:1/none"), directory.resolve("data")),
                terminal(),
                Management.silent(new SimpleMeterRegistry()));
        CompletableFuture<Void> watching = CompletableFuture.runAsync(watch::execute);
        try {
            await(watching, () -> said.toString(StandardCharsets.UTF_8).contains(" is reconnecting: "), "the refusal");
            await(watching, () -> said.toString(StandardCharsets.UTF_8).contains(" is down: "), "that it stays away");
        } finally {
            watch.stop();
        }
        watching.join();
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains(" is reconnecting: "))
                .as("said once, not at each attempt")
                .singleElement()
                .asString()
                .contains("Connection refused");
    }

    /** How many different people were said to be that. */
    private int people(String what) {
        return (int) said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("person ") && line.contains(what))
                .map(line -> line.replaceAll(".*person (\\d+).*", "$1"))
                .distinct()
                .count();
    }

    private static State state(Watch watch) {
        return watch.cameras().isEmpty()
                ? State.DOWN
                : watch.cameras().get(0).status().state();
    }

    private static double producerDrops(SimpleMeterRegistry meters) {
        return meters.find("paseo.frames.dropped").counters().stream()
                .filter(counter -> !Services.WORKER_DROPS.contains(
                        Objects.requireNonNull(counter.getId().getTag("reason"))))
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static double sum(SimpleMeterRegistry meters, String name) {
        return meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private void await(CompletableFuture<Void> watching, BooleanSupplier goal, String what) {
        long begin = System.nanoTime();
        while (!goal.getAsBoolean()) {
            assertThat(watching.isDone()).as("watching has ended: %s", said).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("%s; said: %s", what, said)
                    .isLessThan(LIMIT);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private Terminal terminal() {
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, false, 0);
    }
}
