package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteVideosTest {
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("me@home:secret".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path data;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(said, true, StandardCharsets.UTF_8),
            false,
            false,
            0);
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private String root;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/a/film.mp4", exchange -> {
            asked.incrementAndGet();
            answer(exchange, 200, "video/mp4", "film a");
        });
        server.createContext("/b/film.mp4", exchange -> answer(exchange, 200, "video/mp4", "film b"));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/a/film.mp4");
            answer(exchange, 302, "text/html", "there");
        });
        server.createContext("/round", exchange -> {
            exchange.getResponseHeaders().add("Location", "/round");
            answer(exchange, 301, "text/html", "here");
        });
        server.createContext("/locked", exchange -> {
            boolean known = BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, known ? 200 : 401, "video/mp4", "film c");
        });
        server.createContext("/within", exchange -> {
            exchange.getResponseHeaders().add("Location", root + "/locked");
            answer(exchange, 302, "text/html", "there");
        });
        server.createContext("/elsewhere", exchange -> {
            exchange.getResponseHeaders().add("Location", root.replace("127.0.0.1", "localhost") + "/locked");
            answer(exchange, 302, "text/html", "there");
        });
        server.createContext("/inside", exchange -> {
            exchange.getResponseHeaders().add("Location", "file:/etc/passwd");
            answer(exchange, 302, "text/html", "there");
        });
        server.createContext("/gone", exchange -> answer(exchange, 404, "text/html", "no"));
        server.createContext("/camera", exchange -> answer(exchange, 200, "multipart/x-mixed-replace", "--x"));
        server.createContext("/page", exchange -> answer(exchange, 200, "text/html; charset=utf-8", "<html>"));
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            exchange.getHttpContext().getServer().stop(0);
        });
        server.start();
        root = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private RemoteVideos videos() {
        return new RemoteVideos(data.resolve("downloads"), terminal);
    }

    @Test
    void fetchesAddressesAndLeavesTheRest() throws IOException {
        RemoteVideos videos = videos();

        List<String> files =
                videos.files(List.of("other.mp4", root + "/a/film.mp4", root + "/b/film.mp4?x=1", root + "/moved"));

        assertThat(files).hasSize(4).startsWith("other.mp4");
        assertThat(files.get(1)).endsWith("film.mp4");
        assertThat(Path.of(files.get(1))).hasContent("film a");
        assertThat(Path.of(files.get(2))).hasFileName("film.mp4").hasContent("film b");
        assertThat(Path.of(files.get(3))).hasFileName("moved").hasContent("film a");

        videos.delete();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void userAndPasswordGoToWhoWasNamedAndToNobodyElse() {
        String named = root.replace("http://", "http://me%40home:secret@");

        List<String> files = videos().files(List.of(named + "/locked", named + "/within", named + "/elsewhere"));

        assertThat(Path.of(files.get(0))).hasContent("film c");
        assertThat(Path.of(files.get(1))).hasContent("film c");
        assertThat(files.get(2)).isEqualTo(named + "/elsewhere");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("/elsewhere: cannot be fetched: the server says 401")
                .doesNotContain("secret");
    }

    @Test
    void aRunThatWasStoppedFindsWhatItHadFetched() throws IOException {
        List<String> stopped = videos().files(List.of(root + "/a/film.mp4"));
        server.removeContext("/a/film.mp4");

        RemoteVideos again = videos();
        assertThat(again.files(List.of(root + "/a/film.mp4"))).isEqualTo(stopped);
        again.delete();
        assertThat(Files.exists(Path.of(stopped.get(0)))).isFalse();
    }

    @Test
    void aRunThatIsRefusedHasFetchedNothing() {
        String[] run = {"run", root + "/a/film.mp4", "--pack", "none", "--quiet", "--data", data.toString()};
        assertThat(execute(run)).isEqualTo(ExitCodes.REFUSED);
        try (DataDirectory held = DataDirectory.open(data)) {
            assertThat(execute(run)).as("%s is in use", held.root()).isEqualTo(ExitCodes.REFUSED);
        }
        assertThat(asked).hasValue(0);
        assertThat(data.resolve("downloads")).doesNotExist();
    }

    private static int execute(String... arguments) {
        return Main.commandLine().setErr(new PrintWriter(new StringWriter())).execute(arguments);
    }

    @Test
    void saysInALineWhatCannotBeFetched() {
        assertRefused("/gone", "cannot be fetched: the server says 404");
        assertRefused("/round", "passed on more than");
        assertRefused("/inside", "leads to file:, which is not fetched");
        assertRefused("/camera", "'paseo watch' watches those");
        assertRefused("/page", "it is a page, not a video");
        assertRefused("/gone?token=secret", "/gone?***: cannot be fetched: the server says 404");
        assertRefused("/a b?token=secret of mine", "/a b?***: is no address (Illegal character in path)");
        assertRefused("/broken", "cannot be fetched: ");
        assertRefused("/a/film.mp4", "cannot be fetched: no connection");
    }

    private void assertRefused(String path, String message) {
        said.reset();
        String address = root.replace("http://", "HTTP://user:secret@") + path;
        assertThat(videos().files(List.of(address))).containsExactly(address);
        assertThat(said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("paseo: ")))
                .singleElement()
                .asString()
                .contains(message)
                .doesNotContain("secret");
        assertThat(data).isEmptyDirectory();
    }
}
