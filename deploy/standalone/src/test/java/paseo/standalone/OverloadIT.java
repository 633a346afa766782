package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.operations.Management;
import paseo.testing.Assets;
import paseo.testing.rtsp.LabCamera;

/** Several times as many pictures as one thread can look at: the newest are looked at, of every camera alike. */
@Tag("e2e")
@Tag("load")
class OverloadIT {
    private static final int CAMERAS = 6;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(40);
    private static final double WITHIN = 0.1;

    @TempDir
    Path directory;

    @Test
    void theNewestPicturesOfEveryCameraAreLookedAt() throws IOException {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        var clip = PlayedVideo.of(video, directory.resolve("video.h264"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        List<LabCamera> labs = new ArrayList<>();
        try {
            for (int i = 0; i < CAMERAS; i++) {
                labs.add(new LabCamera(clip));
            }
            Watch watch = new Watch(settings(labs), terminal(), Management.silent(meters));
            CompletableFuture<Void> watching = CompletableFuture.runAsync(watch::execute);
            try {
                pause(watching, WARM_UP);
                while (counts(meters, "paseo.frames.processed").size() < CAMERAS) {
                    pause(watching, Duration.ofSeconds(1));
                }
                var before = counts(meters, "paseo.frames.processed");
                double readBefore = sum(meters, "paseo.frames.read");
                pause(watching, MEASURED);
                var after = counts(meters, "paseo.frames.processed");
                double read = sum(meters, "paseo.frames.read") - readBefore;
                after.replaceAll((camera, count) -> count - before.getOrDefault(camera, 0.0));
                double looked =
                        after.values().stream().mapToDouble(count -> count).sum();
                System.out.printf(
                        "%.0f pictures in %d s, %.0f looked at: %s; oldest %d ms; dropped %s%n",
                        read,
                        MEASURED.toSeconds(),
                        looked,
                        after,
                        Math.round(meters.get("paseo.frames.age").timer().max(TimeUnit.MILLISECONDS)),
                        reasons(meters));
                double fair = looked / CAMERAS;
                assertThat(after.values())
                        .allSatisfy(count ->
                                assertThat(count).as("%s", after).isBetween(fair * (1 - WITHIN), fair * (1 + WITHIN)));
            } finally {
                watch.stop();
            }
            watching.join();
        } finally {
            for (LabCamera lab : labs) {
                lab.close();
            }
        }
        assertThat(meters.get("paseo.frames.age").timer().max(TimeUnit.MILLISECONDS))
                .as("age of the oldest picture that was looked at")
                .isLessThan(2_000);
        assertThat(sum(meters, "paseo.sequences.closed")).isPositive();
    }

    private RunSettings settings(List<LabCamera> labs) {
        return new RunSettings(
                labs.stream().map(LabCamera::url).toList(),
                directory.resolve("data"),
                "retail",
                Set.of(),
                OptionalDouble.empty(),
                OptionalInt.of(1),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void pause(CompletableFuture<Void> watching, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            assertThat(watching.isDone()).as("watching has ended").isFalse();
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static Map<String, Double> counts(SimpleMeterRegistry meters, String name) {
        return meters.find(name).counters().stream()
                .collect(Collectors.toMap(
                        counter -> Objects.requireNonNull(counter.getId().getTag("camera")),
                        counter -> counter.count(),
                        Double::sum,
                        TreeMap::new));
    }

    private static Map<String, Double> reasons(SimpleMeterRegistry meters) {
        return meters.find("paseo.frames.dropped").counters().stream()
                .collect(Collectors.toMap(
                        counter -> Objects.requireNonNull(counter.getId().getTag("reason")),
                        counter -> counter.count(),
                        Double::sum,
                        TreeMap::new));
    }

    private static double sum(SimpleMeterRegistry meters, String name) {
        return meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static Terminal terminal() {
        PrintStream stream = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, true, 0);
    }
}
