package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.standalone.SampleStore.Sample;

class SampleStoreTest {
    private static final String CONTENT = "a clip";
    /** {@code printf 'a clip' | sha256sum}. */
    private static final Sample CLIP =
            new Sample("clip.gif", "e899537b4c9149cd5edb2000ea1e14f1d8eb76be0ceec7868ad01c7e389eb5b9");

    private final List<String> notes = new ArrayList<>();

    @TempDir
    Path directory;

    private HttpServer server;
    private String answer = CONTENT;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/preview/clip.gif", exchange -> {
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFolderComesFirst() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Files.writeString(folder.resolve("clip.gif"), CONTENT);
        assertThat(store(folder).locate(CLIP, notes::add)).isEqualTo(folder.resolve("clip.gif"));
        assertThat(notes).isEmpty();
    }

    @Test
    void anAlteredFileInAFolderIsRefused() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("folder"));
        Files.writeString(folder.resolve("clip.gif"), "another clip");
        assertThatThrownBy(() -> store(folder).locate(CLIP, notes::add))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(folder.resolve("clip.gif").toString())
                .hasMessageContaining(CLIP.sha256());
    }

    @Test
    void isFetchedOnceAndAgainWhenDamaged() throws IOException {
        SampleStore store = store(directory.resolve("nothing here"));
        Path file = store.locate(CLIP, notes::add);
        assertThat(file).hasContent(CONTENT);
        assertThat(store.locate(CLIP, notes::add)).isEqualTo(file);
        assertThat(notes).hasSize(1);
        Files.writeString(file, "damaged");
        assertThat(store.locate(CLIP, notes::add)).hasContent(CONTENT);
        assertThat(notes).hasSize(2);
    }

    @Test
    void somethingElseIsNotKept() {
        answer = "not a clip";
        assertThatThrownBy(() -> store(directory).locate(CLIP, notes::add))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("is not the published sample video");
        assertThat(directory.resolve("store")).isEmptyDirectory();
    }

    @Test
    void whatTheServerDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> store(directory).locate(new Sample("other.gif", CLIP.sha256()), notes::add))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("other.gif (the server says 404)")
                .hasMessageContaining("PASEO_SAMPLES");
    }

    @Test
    void noServerAtAll() {
        server.stop(0);
        assertThatThrownBy(() -> store(directory).locate(CLIP, notes::add))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("PASEO_SAMPLES");
    }

    @Test
    void theDemonstrationHasSixClips() {
        assertThat(SampleStore.demonstration())
                .hasSize(6)
                .allSatisfy(sample -> assertThat(sample.sha256()).matches("[0-9a-f]{64}"))
                .allSatisfy(sample -> assertThat(sample.name()).endsWith(".gif"));
    }

    private SampleStore store(Path folder) {
        URI upstream = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/preview/");
        return new SampleStore(List.of(folder), directory.resolve("store"), upstream);
    }
}
