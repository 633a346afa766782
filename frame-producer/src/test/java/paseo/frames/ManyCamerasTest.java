package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import paseo.events.CameraStatus;
import paseo.events.CameraStatus.State;
import paseo.testing.rtsp.Fault;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/** Many cameras in one producer: the dead ones are nobody else's trouble. */
@Tag("fault")
class ManyCamerasTest {
    private static final int CAMERAS = 50;
    private static final Fault[] DEATHS = {
        Fault.NO_REPLY, Fault.DRIBBLE, Fault.DROP, Fault.RESET, Fault.NOT_FOUND, Fault.BAD_SDP, Fault.STALL
    };
    private static final Duration FIRST_PICTURE = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    private static H264Clip clip;

    @BeforeAll
    static void makeClip() {
        clip = LabClips.moving(96, 64);
    }

    @Test
    @DisplayName("row 40: of 50 cameras started at once 25 are dead; the others deliver all the same")
    void theOthersDeliver() throws IOException {
        assertThat(healthyRate(CAMERAS / 2, Duration.ofMinutes(2), Duration.ofSeconds(2)))
                .isPositive();
    }

    @Tag("load")
    @Test
    @DisplayName("row 40: they do so within five seconds, and at the rate that they have alone")
    void deadCamerasAreNobodyElsesTrouble() throws IOException {
        double alone = healthyRate(0, FIRST_PICTURE, MEASURED);
        double besideDead = healthyRate(CAMERAS / 2, FIRST_PICTURE, MEASURED);
        assertThat(besideDead / alone)
                .as("%.2f of %.2f pictures a second", besideDead, alone)
                .isGreaterThan(0.95);
    }

    /** Pictures a second of 25 healthy cameras, started at once with some dead ones. */
    private static double healthyRate(int dead, Duration firstPicture, Duration measured) throws IOException {
        List<LabCamera> labs = new ArrayList<>();
        List<LiveCamera> healthy = new ArrayList<>();
        RecordedFrames frames = new RecordedFrames();
        try (LivePublisher publisher = new LivePublisher(2)) {
            for (int i = 0; i < CAMERAS / 2 + dead; i++) {
                LabCamera lab = new LabCamera(clip);
                labs.add(lab);
                boolean alive = i % 2 == 0 || dead == 0;
                if (!alive) {
                    lab.fault(DEATHS[i / 2 % DEATHS.length]);
                }
                LiveCamera camera = new LiveCamera(
                        new CameraTarget("camera-" + i, new CameraAddress(lab.url()), 0, 0, Optional.empty(), 0),
                        0,
                        ProducerSettings.of("localhost:1"),
                        frames,
                        new LiveClock(),
                        publisher::ready,
                        new SimpleMeterRegistry());
                if (alive) {
                    healthy.add(camera);
                }
                publisher.add(camera);
            }
            WatchedCamera.until(
                    () -> healthy.stream().allMatch(camera -> camera.status().framesPublished() > 0),
                    firstPicture,
                    () -> "first pictures: "
                            + healthy.stream().map(LiveCamera::status).toList());
            long before = published(healthy);
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < measured.toNanos()) {
                LockSupport.parkNanos(measured.toNanos() - (System.nanoTime() - begin));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double rate = (published(healthy) - before) / seconds / healthy.size();
            WatchedCamera.until(
                    () -> healthy.stream().allMatch(camera -> camera.status().state() == State.LIVE),
                    firstPicture,
                    () -> "all live: "
                            + healthy.stream().map(LiveCamera::status).toList());
            return rate;
        } finally {
            for (LabCamera lab : labs) {
                lab.close();
            }
        }
    }

    private static long published(List<LiveCamera> cameras) {
        return cameras.stream()
                .map(LiveCamera::status)
                .mapToLong(CameraStatus::framesPublished)
                .sum();
    }
}
