package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import paseo.events.Reach;

/**
 * Cameras whose connection may not go everywhere. What plays the inside of a network listens on 127.0.0.1, what plays
 * the outside is permitted; both write down what they are told.
 */
@Tag("fault")
class ConfinedCameraTest {
    private static CameraAddress address(String url, Reach reach) {
        return new CameraAddress(url, Optional.of(reach));
    }

    private static final Reach LOOPBACK = Reach.parse("127.0.0.0/8,::1");

    @Test
    @DisplayName("row 48: a name that leads inside is not connected to, nor asked whether it is back")
    void nameThatLeadsInside() throws IOException {
        try (Peer inside = new Peer(request -> "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")) {
            CameraAddress named = address("rtsp://localhost:" + inside.port() + "/", Reach.outside());
            assertThatThrownBy(() -> CameraStream.open(named, new StopSignal()))
                    .isInstanceOf(VideoException.class)
                    .hasMessageContaining("not public")
                    .hasMessageNotContaining("127.0.0.1");
            assertThat(new CameraProbe(named).answers()).isFalse();
            assertThat(inside.connections()).isZero();

            CameraAddress permitted = address(named.text(), LOOPBACK);
            assertThat(new CameraProbe(permitted).answers()).isTrue();
        }
    }

    @Test
    @DisplayName("row 48: the address that was looked at is the one that is connected to")
    void pinned() {
        assertThat(address("https://${env:PASEO_CAMERA_A}@localhost:99/a?b=c", LOOPBACK)
                        .pinned()
                        .text())
                .isEqualTo("https://${env:PASEO_CAMERA_A}@127.0.0.1:99/a?b=c");
        assertThat(address("rtsp://[::1]/a", LOOPBACK).pinned().text()).isEqualTo("rtsp://[0:0:0:0:0:0:0:1]:554/a");
        assertThat(new CameraAddress("rtsp://localhost/a").pinned().text())
                .as("of the operator's own, names are left to who speaks to the camera")
                .isEqualTo("rtsp://localhost/a");
    }

    @Test
    @DisplayName("row 48: an RTSP camera that sends us elsewhere is left, and nothing is said there")
    void rtspRedirect() throws IOException {
        try (Peer inside = new Peer(request -> "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n");
                Peer camera = new Peer(request -> "RTSP/1.0 302 Found\r\nCSeq: "
                        + request.replaceAll("(?s).*CSeq: (\\d+).*", "$1") + "\r\nLocation: rtsp://127.0.0.1:"
                        + inside.port() + "/admin\r\n\r\n")) {
            assertThatThrownBy(() -> CameraStream.open(
                            address("rtsp://127.0.0.1:" + camera.port() + "/", LOOPBACK), new StopSignal()))
                    .isInstanceOf(VideoException.class)
                    .hasMessageContaining("another address");
            assertThat(camera.told()).isNotEmpty();
            assertThat(inside.told()).isEmpty();
        }
    }

    @Test
    @DisplayName("row 48: an HTTP camera that sends us elsewhere is left, and nothing is said there")
    void httpRedirect() throws IOException {
        try (Peer inside = new Peer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                Peer camera = new Peer(request -> "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + inside.port()
                        + "/latest/meta-data\r\nContent-Length: 0\r\n\r\n")) {
            assertThatThrownBy(() -> CameraStream.open(
                            address("http://localhost:" + camera.port() + "/video", LOOPBACK), new StopSignal()))
                    .isInstanceOf(VideoException.class);
            assertThat(camera.told())
                    .isNotEmpty()
                    .allSatisfy(request ->
                            assertThat(request).contains("GET /video", "Host: localhost:" + camera.port() + "\r\n"));
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    @DisplayName("row 48: a playlist under another name is not followed")
    void playlist() throws IOException {
        try (Peer inside = new Peer(request -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            String list = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:" + inside.port() + "/a.ts\n";
            try (Peer camera = new Peer(request -> "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\n"
                    + "Content-Length: " + list.length() + "\r\n\r\n" + list)) {
                assertThatThrownBy(() -> CameraStream.open(
                                address("http://127.0.0.1:" + camera.port() + "/video", LOOPBACK), new StopSignal()))
                        .isInstanceOf(VideoException.class);
                assertThat(inside.connections()).isZero();
            }
        }
    }

    /** Answers whatever it is asked in one way. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final List<Socket> connections = new CopyOnWriteArrayList<>();
        private final UnaryOperator<String> answer;

        Peer(UnaryOperator<String> answer) throws IOException {
            this.answer = answer;
            daemon(this::accept);
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "peer");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        List<String> told() {
            return told;
        }

        int connections() {
            return connections.size();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = server.accept();
                    connections.add(socket);
                    daemon(() -> serve(socket));
                }
            } catch (IOException e) {
                // The test is over.
                return;
            }
        }

        private void serve(Socket socket) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                StringBuilder request = new StringBuilder();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    request.append(line).append("\r\n");
                    if (line.isEmpty()) {
                        told.add(request.toString());
                        socket.getOutputStream()
                                .write(answer.apply(request.toString()).getBytes(StandardCharsets.US_ASCII));
                        request.setLength(0);
                    }
                }
            } catch (IOException e) {
                // The client has gone.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : connections) {
                socket.close();
            }
        }
    }
}
