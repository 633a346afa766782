package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.Topic;
import paseo.events.Topics;
import paseo.standalone.SharedKafka;
import paseo.testing.Assets;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/** One 1080p camera at 15 pictures a second, watched by the whole system in a process of its own. */
@Tag("e2e")
@Tag("load")
class LatencyIT {
    private static final int FRAME_RATE = 15;
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration MEASURED = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void whoPassesIsKnownWhilePassing() throws IOException, InterruptedException {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Path stream = directory.resolve("video.h264");
        Clip.write(video, 60 * FRAME_RATE, FRAME_RATE, "h264", stream);
        Path data = directory.resolve("data");
        try (LabCamera camera = new LabCamera(H264Clip.read(stream, FRAME_RATE))) {
            Process watch = new ProcessBuilder(ChildJvm.command(
                            "paseo.standalone.Main", List.of("watch", camera.url(), "--data", data.toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("watch.txt").toFile())
                    .start();
            try {
                String kafka = kafka(data, watch);
                pause(WARM_UP);
                try (GlassToEvent latency = new GlassToEvent(kafka)) {
                    latency.read(MEASURED);
                    var times = latency.times();
                    System.out.println("from the camera to " + times);
                    assertThat(times.values()).as("%s", times).allMatch(of -> of.events() > 0);
                    assertThat(p95(times, Topics.DETECTIONS)).as("%s", times).isLessThan(1_000);
                    assertThat(p95(times, Topics.SIGHTINGS)).as("%s", times).isLessThan(2_000);
                }
            } finally {
                watch.destroy();
                watch.waitFor(1, TimeUnit.MINUTES);
            }
        }
    }

    private static double p95(Map<String, GlassToEvent.Times> times, Topic<?> topic) {
        return Objects.requireNonNull(times.get(topic.name())).p95();
    }

    private static String kafka(Path data, Process watch) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (SharedKafka.of(data).isEmpty()) {
            assertThat(watch.isAlive()).as("watching").isTrue();
            assertThat(System.nanoTime()).as("time to start").isLessThan(deadline);
            pause(Duration.ofMillis(100));
        }
        return SharedKafka.of(data).orElseThrow();
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
