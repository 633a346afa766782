package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.CameraStatus.State;
import paseo.events.Image;

/** Cameras that speak HTTP. */
class HttpCameraTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long PICTURE_NANOS = 1_000_000_000 / 15;

    @TempDir
    Path directory;

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "http-camera");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void watchesMotionJpeg() throws IOException {
        serveMotionJpeg();
        try (WatchedCamera watched = new WatchedCamera(url("/video"))) {
            watched.await(State.LIVE, SOON);
            watched.awaitPictures(20, SOON);
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    @Test
    void aPictureThatIsNotSentForAReasonNobodyKnowsIsLostAlone() throws IOException {
        serveMotionJpeg();
        try (WatchedCamera watched = new WatchedCamera(url("/video"))) {
            watched.awaitPictures(5, SOON);
            watched.frames.broken = true;
            watched.await(() -> watched.status().framesDropped().containsKey("not_coded"), SOON, "a picture is lost");
            watched.frames.broken = false;
            watched.awaitPictures(5, SOON);
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    @Test
    void anErrorEndsAConnectionAndNotTheCamera() throws IOException {
        serveMotionJpeg();
        try (WatchedCamera watched = new WatchedCamera(url("/video"))) {
            watched.awaitPictures(5, SOON);
            watched.frames.unanswered = new OutOfMemoryError("as the test wants it");
            watched.await(State.RECONNECTING, SOON);
            assertThat(watched.camera.detail()).isEqualTo("failed unexpectedly");
            watched.frames.unanswered = null;
            watched.await(State.LIVE, SOON);
            watched.awaitPictures(5, SOON);
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    @Test
    void anErrorEndsNeitherPicturesNorSignsOfLife() throws IOException {
        serveMotionJpeg();
        try (WatchedCamera watched = new WatchedCamera(url("/video"))) {
            watched.awaitPictures(5, SOON);
            watched.frames.unsendable = new OutOfMemoryError("as the test wants it");
            watched.await(
                    () -> watched.status().framesDropped().getOrDefault("not_coded", 0L) > 20,
                    SOON,
                    "pictures are lost for longer than it is between two signs of life");
            watched.frames.unsendable = null;
            watched.awaitPictures(5, SOON);
            int signs = watched.frames.heartbeats(WatchedCamera.ID).size();
            watched.await(() -> watched.frames.heartbeats(WatchedCamera.ID).size() > signs + 1, SOON, "signs of life");
            watched.stop();
            watched.assertNothingUncounted();
        }
    }

    private void serveMotionJpeg() throws IOException {
        List<byte[]> pictures = jpegs();
        server.createContext("/video", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "multipart/x-mixed-replace; boundary=frame");
            exchange.sendResponseHeaders(200, 0);
            play(exchange, pictures);
        });
    }

    private static void play(HttpExchange exchange, List<byte[]> pictures) throws IOException {
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; ; i++) {
                byte[] jpeg = pictures.get(i % pictures.size());
                String head = "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n";
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                out.write(jpeg);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                LockSupport.parkNanos(PICTURE_NANOS);
            }
        }
    }

    @Test
    void watchesAPlaylistAtThePaceOfItsPictures() throws IOException {
        Path playlist = Clips.make(
                directory.resolve("live.m3u8"),
                "-f lavfi -i testsrc2=size=96x64:rate=15 -t 12 -pix_fmt yuv420p -c:v libopenh264 -g 15 -f hls"
                        + " -hls_time 12 -hls_list_size 0 -hls_playlist_type event -hls_flags omit_endlist");
        assertThat(playlist).isRegularFile();
        server.createContext(
                "/",
                exchange -> file(
                        exchange,
                        directory.resolve(exchange.getRequestURI().getPath().substring(1))));
        try (WatchedCamera watched = new WatchedCamera(url("/live.m3u8"))) {
            watched.await(State.LIVE, SOON);
            watched.awaitPictures(20, SOON);
            var frames = watched.frames.images(WatchedCamera.ID);
            long span = frames.get(19).reference().captureTimeMicros()
                    - frames.get(0).reference().captureTimeMicros();
            assertThat(span)
                    .as("19 distances of 1/15 s, not as fast as they can be read")
                    .isGreaterThan(500_000L);
        }
    }

    @Test
    void aPlaylistThatNobodyContinuesIsDownWhateverItsServerSays() throws IOException {
        Clips.make(
                directory.resolve("dead.m3u8"),
                "-f lavfi -i testsrc2=size=96x64:rate=15 -t 6 -pix_fmt yuv420p -c:v libopenh264 -g 15 -f hls"
                        + " -hls_time 3 -hls_list_size 0 -hls_playlist_type event -hls_flags omit_endlist");
        server.createContext("/dead", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.apple.mpegurl");
            file(exchange, directory.resolve("dead.m3u8"));
        });
        server.createContext("/dead0.ts", exchange -> file(exchange, directory.resolve("dead0.ts")));
        server.createContext("/dead1.ts", exchange -> file(exchange, directory.resolve("dead1.ts")));
        try (WatchedCamera watched = new WatchedCamera(url("/dead"))) {
            watched.await(State.LIVE, SOON);
            watched.await(State.RECONNECTING, SOON);
            assertThat(watched.camera.detail())
                    .as("as long as it may be to the next part, though nothing but its type says what it is")
                    .contains("no picture for 20 s");
            long published = watched.status().framesPublished();
            watched.await(
                    () -> watched.status().framesDropped().getOrDefault("shown_before", 0L) >= 45,
                    SOON,
                    "its last part comes once more");
            watched.await(() -> watched.status().connections() > 2, SOON, "the connection after that");
            assertThat(watched.state()).isEqualTo(State.DOWN);
            watched.stop();
            watched.assertNothingUncounted();
            assertThat(watched.status().framesPublished()).isEqualTo(published);
        }
    }

    @Test
    void watchesOneOfSeveralVideosOfATransportStream() throws IOException {
        Path both = Clips.make(
                directory.resolve("both.ts"),
                testPicture("96x64") + testPicture("128x96")
                        + "-map 0 -map 1 -t 3 -pix_fmt yuv420p -c:v mpeg2video -g 12 -program st=0 -program st=1");
        server.createContext("/stream", exchange -> slowly(exchange, both));
        assertOneIsWatched(url("/stream"));
    }

    @Test
    void watchesOneOfSeveralSizesOfAPlaylist() throws IOException {
        StringBuilder sizes = new StringBuilder("#EXTM3U\n");
        for (String size : List.of("96x64", "128x96")) {
            Clips.make(
                    directory.resolve(size + ".m3u8"),
                    testPicture(size) + "-t 12 -pix_fmt yuv420p -c:v libopenh264 -g 25 -f hls -hls_time 12"
                            + " -hls_list_size 0 -hls_playlist_type event -hls_flags omit_endlist");
            sizes.append("#EXT-X-STREAM-INF:BANDWIDTH=100000,RESOLUTION=" + size + "\n" + size + ".m3u8\n");
        }
        Files.writeString(directory.resolve("sizes.m3u8"), sizes);
        server.createContext(
                "/",
                exchange -> file(
                        exchange,
                        directory.resolve(exchange.getRequestURI().getPath().substring(1))));
        assertOneIsWatched(url("/sizes.m3u8"));
    }

    private static String testPicture(String size) {
        return "-f lavfi -i testsrc2=size=" + size + ":rate=25 ";
    }

    private static void assertOneIsWatched(String url) {
        try (WatchedCamera watched = new WatchedCamera(url)) {
            watched.awaitPictures(20, SOON);
            assertThat(watched.frames.images(WatchedCamera.ID).stream()
                            .map(frame -> ((Image) frame.content()).sourceWidth())
                            .distinct())
                    .hasSize(1);
        }
    }

    @Tag("fault")
    @Test
    @DisplayName("row 37: another codec goes on")
    void goesOnInAnotherCodec() throws IOException {
        List<Path> shown = new CopyOnWriteArrayList<>(List.of(transportStream("first.ts", "mpeg2video", "96x64")));
        Path second = transportStream("second.ts", "libopenh264", "128x96");
        server.createContext("/stream", exchange -> slowly(exchange, shown.get(0)));
        try (WatchedCamera watched = new WatchedCamera(url("/stream"))) {
            watched.awaitPictures(20, SOON);
            shown.set(0, second);
            watched.await(
                    () -> watched.frames.images(WatchedCamera.ID).stream()
                            .anyMatch(frame -> ((Image) frame.content()).sourceWidth() == 128),
                    SOON,
                    "pictures of the other codec");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpeg2video -mpegts_start_pid 512", "libopenh264"})
    void noticesWhatATransportStreamBecomes(String other) throws IOException {
        Path stream = transportStream("stream.ts", "mpeg2video", "96x64");
        Files.write(stream, Files.readAllBytes(transportStream("other.ts", other, "96x64")), StandardOpenOption.APPEND);
        server.createContext("/stream", exchange -> slowly(exchange, stream));
        try (WatchedCamera watched = new WatchedCamera(url("/stream"))) {
            watched.await(
                    () -> watched.frames.heartbeats(WatchedCamera.ID).stream()
                            .anyMatch(heartbeat -> heartbeat.detail().contains("another stream")),
                    SOON,
                    "the change is noticed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flv", "ts"})
    void theFirstPicturesComeAsTheyAreSent(String format) throws IOException {
        Path stream = transportStream("stream." + format, "libopenh264", "96x64");
        server.createContext("/stream", exchange -> slowly(exchange, stream));
        try (CameraStream opened = CameraStream.open(new CameraAddress(url("/stream")), new StopSignal())) {
            opened.next();
            long first = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                opened.next();
            }
            assertThat(System.nanoTime() - first).as("20 distances of 40 ms").isGreaterThan(500_000_000L);
        }
    }

    private Path transportStream(String name, String codec, String size) {
        return Clips.make(
                directory.resolve(name),
                "-f lavfi -i testsrc2=size=" + size + ":rate=25 -t 3 -pix_fmt yuv420p -c:v " + codec + " -g 12");
    }

    /** In about three seconds, as it was made. */
    private static void slowly(HttpExchange exchange, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            int part = bytes.length / 60 + 1;
            for (int from = 0; from < bytes.length; from += part) {
                out.write(bytes, from, Math.min(part, bytes.length - from));
                out.flush();
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private static void file(HttpExchange exchange, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private List<byte[]> jpegs() throws IOException {
        Clips.make(
                directory.resolve("%03d.jpg"),
                "-f lavfi -i testsrc2=size=96x64:rate=15 -frames:v 200 -pix_fmt yuvj420p -c:v mjpeg -f image2");
        List<byte[]> pictures = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            pictures.add(Files.readAllBytes(directory.resolve(String.format("%03d.jpg", i))));
        }
        return pictures;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }
}
