package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CameraFleetTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LivePublisher publisher = new LivePublisher(1);
    private final CameraFleet fleet = new CameraFleet(
            publisher,
            (target, partition) -> new LiveCamera(
                    target,
                    partition,
                    ProducerSettings.of("localhost:1"),
                    new RecordedFrames(),
                    new LiveClock(),
                    publisher::ready,
                    meters));
    /** Takes connections and never answers. */
    private final ServerSocket mute;

    CameraFleetTest() throws IOException {
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        publisher.close();
        mute.close();
    }

    @Test
    void onlyCamerasThatAreWatchedAreUpOrDown() {
        want("a", 0);
        want("b", 1);
        fleet.reconcile();
        assertThat(shown()).containsExactlyInAnyOrder("a", "b");
        fleet.dismiss("a", 0);
        fleet.reconcile();
        assertThat(shown()).containsExactly("b");
        fleet.suspend();
        assertThat(shown()).isEmpty();
        fleet.reconcile();
        assertThat(shown()).containsExactly("b");
        fleet.hand(Set.of(1));
        assertThat(shown()).isEmpty();
    }

    @Test
    void aPartitionDoesNotWaitForAnother() {
        want("a", 0);
        want("b", 1);
        fleet.reconcile(partition -> partition == 1);
        assertThat(shown()).containsExactly("b");
        fleet.dismiss("b", 1);
        want("c", 1);
        fleet.reconcile(partition -> partition == 0);
        assertThat(shown()).as("what is said of b and c may be old").containsExactlyInAnyOrder("a", "b");
        want("a", 1);
        fleet.reconcile(partition -> partition == 0);
        assertThat(fleet.watched()).extracting(LiveCamera::partition).containsExactlyInAnyOrder(0, 1);
        fleet.reconcile(partition -> true);
        assertThat(shown()).containsExactlyInAnyOrder("a", "c");
        assertThat(fleet.watched()).extracting(LiveCamera::partition).containsOnly(1);
        fleet.hand(Set.of(0));
        assertThat(shown()).hasSize(2);
    }

    @Test
    void camerasThatAnswerNothingAreGivenUpAtOnce() throws IOException {
        List<Socket> opening = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            want("mute-" + i, 0);
        }
        fleet.reconcile();
        for (int i = 0; i < 8; i++) {
            Socket camera = mute.accept();
            assertThat(camera.getInputStream().read())
                    .as("what it is asked first")
                    .isPositive();
            opening.add(camera);
        }
        long begin = System.nanoTime();
        fleet.hand(Set.of(0));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CameraStream.LIMIT);
        for (Socket camera : opening) {
            camera.close();
        }
    }

    private List<String> shown() {
        return meters.find("paseo.camera.up").gauges().stream()
                .map(Gauge::getId)
                .map(id -> String.valueOf(id.getTag("camera")))
                .toList();
    }

    private void want(String id, int partition) {
        CameraAddress address = new CameraAddress("rtsp://127.0.0.1:" + mute.getLocalPort() + "/");
        fleet.want(new CameraTarget(id, address, 0, 0, Optional.empty(), 0), partition);
    }
}
