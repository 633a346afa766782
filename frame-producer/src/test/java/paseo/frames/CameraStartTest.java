package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.CameraStatus.State;
import paseo.testing.rtsp.Fault;
import paseo.testing.rtsp.H264Clip;
import paseo.testing.rtsp.LabCamera;

/** The first pictures of a connection: whatever the distance of key pictures, and wherever it begins between them. */
class CameraStartTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration FIRST = Duration.ofSeconds(2);

    /** How much slower than an idle machine this one is. */
    private static Duration slack;

    @BeforeAll
    static void measure() throws IOException {
        try (LabCamera lab = new LabCamera(LabClips.moving(160, 120));
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            slack = watched.awaitFirst(SOON);
        }
    }

    @Execution(CONCURRENT)
    @ParameterizedTest
    @CsvSource({"15, 400", "2, 400"})
    void beginsWithTheKeyPictureThatACameraSendsAtOnce(int fps, int keyDistance) throws IOException {
        try (LabCamera lab = new LabCamera(LabClips.moving(160, 120, fps, keyDistance));
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            assertThat(watched.await(State.LIVE, SOON)).isLessThan(FIRST.plus(slack));
        }
    }

    /** One that is joined on the way sends its next key picture after up to twenty seconds. */
    @Execution(CONCURRENT)
    @ParameterizedTest
    @CsvSource({"15, 300, true", "15, 60, false", "2, 20, true", "2, 20, false"})
    void waitsForAKeyPicture(int fps, int keyDistance, boolean described) throws IOException {
        try (LabCamera lab = new LabCamera(LabClips.moving(160, 120, fps, keyDistance))) {
            lab.beginAt(1);
            if (!described) {
                lab.describeBriefly();
            }
            try (WatchedCamera watched = new WatchedCamera(lab.url())) {
                watched.await(State.LIVE, SOON);
                assertThat(watched.status().connections()).isEqualTo(1);
            }
        }
    }

    /** What was read to learn about the stream would come at once, and be taken for newer than it is. */
    @Execution(CONCURRENT)
    @Test
    void theFirstPicturesComeAsTheyAreSent() throws IOException {
        H264Clip clip = LabClips.moving(160, 120);
        try (LabCamera lab = new LabCamera(clip);
                CameraStream stream = CameraStream.open(new CameraAddress(lab.url()), new StopSignal())) {
            stream.next();
            long first = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                stream.next();
            }
            assertThat((System.nanoTime() - first) * 1e-9 * clip.fps()).isGreaterThan(8);
        }
    }

    /** It answers long before it has pictures. */
    @Execution(CONCURRENT)
    @Test
    void aCameraThatStartsIsNotLeftAloneAsLongAsOneWithoutPower() throws IOException {
        try (LabCamera lab = new LabCamera(LabClips.moving(160, 120));
                WatchedCamera watched = new WatchedCamera(lab.url())) {
            watched.await(State.LIVE, SOON);
            lab.powerOff();
            watched.await(State.DOWN, SOON);
            long rarely = System.nanoTime() + Duration.ofSeconds(8).toNanos();
            watched.await(() -> System.nanoTime() - rarely > 0, SOON, "attempts are many seconds apart");
            lab.fault(Fault.NOT_FOUND);
            lab.powerOn();
            watched.await(() -> watched.camera.detail().contains("404"), SOON, "it has no stream yet");
            lab.fault(Fault.NONE);
            assertThat(watched.await(State.LIVE, SOON)).isLessThan(FIRST.plus(slack));
        }
    }
}
