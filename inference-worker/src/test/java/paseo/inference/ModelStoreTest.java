package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import paseo.inference.ModelPack.Role;

class ModelStoreTest {
    @TempDir
    private Path root;

    private final Map<String, byte[]> published = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            byte[] body = published.get(path);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 41: a missing model is refused at the start")
    void aMissingFileIsNamedWithWhereItWasLookedFor() throws IOException {
        ModelPack pack = new SmallPack(root).write();
        Files.delete(root.resolve("small/pose.onnx"));

        assertThatThrownBy(() -> store().verify(pack))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("small@1 lacks pose.onnx")
                .hasMessageContaining(root.resolve("small").toString());
    }

    @Test
    @Tag("fault")
    @DisplayName("row 41: a model with another checksum is refused at the start")
    void anotherFileUnderItsNameIsNamedWithBothChecksums() throws IOException {
        ModelPack pack = new SmallPack(root).write();
        Path model = root.resolve("small/pose.onnx");
        Files.write(model, new byte[0]);

        assertThatThrownBy(() -> store().verify(pack))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining(model.toString())
                .hasMessageContaining("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                .hasMessageContaining(
                        pack.file(Role.POSE).orElseThrow().sha256().get(0));
    }

    @Test
    void theBundledPacksAreDescribedWhetherTheyAreThereOrNot() {
        List<ModelStore.PackStatus> packs = store().describe();

        assertThat(packs).extracting(status -> status.pack().name()).isEqualTo(ModelPack.BUNDLED);
        assertThat(packs).noneMatch(ModelStore.PackStatus::ready);
        assertThat(packs.get(0).missing()).hasSize(4);
    }

    @Test
    void pullsPublishedFilesConvertsNetworksAndUnpacksZips() throws IOException {
        byte[] converted = IrToOnnx.convert(SmallIr.XML, SmallIr.bin());
        byte[] detector = "a detector".getBytes(StandardCharsets.UTF_8);
        byte[] embedder = "an embedder".getBytes(StandardCharsets.UTF_8);
        published.put("/detector.onnx", detector);
        published.put("/net.xml", SmallIr.XML);
        published.put("/net.bin", SmallIr.bin());
        published.put("/pack.zip", zip("folder/embedder.onnx", embedder));
        ModelPack pack = pack(
                published("detector", detector),
                """
                {"role":"landmarks","path":"landmarks.onnx","sha256":["%s"],"licence":"Free","optional":false,
                "source":{"kind":"openvino","xml":{"address":"%s","sha256":"%s"},"bin":{"address":"%s","sha256":"%s"}}}""".formatted(
                                ModelStore.sha256(converted),
                                address("/net.xml"),
                                ModelStore.sha256(SmallIr.XML),
                                address("/net.bin"),
                                ModelStore.sha256(SmallIr.bin())),
                """
                {"role":"embedder","path":"embedder.onnx","sha256":["%s"],"licence":"Free","optional":false,
                "source":{"kind":"zip","address":"%s","member":"embedder.onnx"}}""".formatted(ModelStore.sha256(embedder), address("/pack.zip")));
        List<String> progress = new ArrayList<>();

        store().pull(pack, progress::add);

        store().verify(pack);
        assertThat(store().read(pack, Role.LANDMARKS)).isEqualTo(converted);
        assertThat(progress).anyMatch(line -> line.contains("converting landmarks.onnx"));
        assertThat(names(root.resolve("download/test")))
                .containsExactlyInAnyOrder("detector.onnx", "landmarks.onnx", "embedder.onnx");

        asked.clear();
        store().pull(pack, progress::add);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsMissingIsFetchedBeforeUse() throws IOException {
        byte[] detector = "a detector".getBytes(StandardCharsets.UTF_8);
        byte[] embedder = "an embedder".getBytes(StandardCharsets.UTF_8);
        published.put("/detector.onnx", detector);
        ModelPack pack = pack(published("detector", detector), published("embedder", embedder));
        List<String> progress = new ArrayList<>();

        assertThatThrownBy(() -> store().complete(pack, Set.of(), progress::add))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("test@1 lacks detector.onnx")
                .hasMessageContaining(root.resolve("download/test").toString())
                .hasMessageContaining(address("/embedder.onnx"))
                .hasMessageContaining("404");

        published.put("/embedder.onnx", embedder);
        assertThat(store().complete(pack, Set.of(), progress::add).read(pack, Role.EMBEDDER))
                .isEqualTo(embedder);
        assertThat(progress).anyMatch(line -> line.contains("test@1 is not on this machine yet"));

        asked.clear();
        progress.clear();
        store().complete(pack, Set.of(), progress::add);
        assertThat(asked).isEmpty();
        assertThat(progress).isEmpty();
    }

    @Test
    void whatOnlyTheUserCanBringIsNotFetched() throws IOException {
        ModelPack pack = new SmallPack(root).write();
        Files.delete(root.resolve("small/pose.onnx"));

        List<String> progress = new ArrayList<>();
        store().complete(pack, Set.of(), progress::add);
        assertThat(progress).isEmpty();
    }

    @Test
    void whoeverRunsAWorkerMayReadWhatWasPulled() throws IOException {
        assumeThat(root.getFileSystem().supportedFileAttributeViews()).contains("posix");
        byte[] content = "a model".getBytes(StandardCharsets.UTF_8);
        published.put("/detector.onnx", content);
        published.put("/embedder.onnx", content);

        store().pull(pack(published("detector", content), published("embedder", content)), line -> {});

        Path any = Files.createFile(root.resolve("any"));
        assertThat(Files.getPosixFilePermissions(root.resolve("download/test/detector.onnx"))
                        .contains(PosixFilePermission.OTHERS_READ))
                .as("as far as the user lets others read at all")
                .isEqualTo(Files.getPosixFilePermissions(any).contains(PosixFilePermission.OTHERS_READ));
    }

    @Test
    void aPublishedFileThatHasChangedIsNotInstalled() throws IOException {
        byte[] expected = "a detector".getBytes(StandardCharsets.UTF_8);
        published.put("/detector.onnx", "another detector".getBytes(StandardCharsets.UTF_8));
        ModelPack pack = pack(published("detector", expected), published("embedder", expected));

        assertThatThrownBy(() -> store().pull(pack, line -> {}))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("detector.onnx came out with SHA-256")
                .hasMessageContaining(ModelStore.sha256(expected));
        assertThat(names(root.resolve("download/test"))).isEmpty();
    }

    @Test
    void anAddressThatAnswersWithAnErrorIsNamed() {
        ModelPack pack = pack(published("detector", new byte[0]), published("embedder", new byte[0]));

        assertThatThrownBy(() -> store().pull(pack, line -> {}))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining(address("/detector.onnx"))
                .hasMessageContaining("404");
    }

    @Test
    @Timeout(60)
    void aServerThatFallsSilentInTheMiddleOfAFileIsGivenUp() throws Exception {
        CountDownLatch given = new CountDownLatch(1);
        server.createContext("/detector.onnx", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(new byte[5]);
            exchange.getResponseBody().flush();
            try {
                given.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        ModelPack pack = pack(published("detector", new byte[10]), published("embedder", new byte[0]));

        try (ModelDownload download = new ModelDownload(root, line -> {}, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> download.fetch(pack.files().get(0)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(address("/detector.onnx"))
                    .hasMessageContaining("nothing came");
        } finally {
            given.countDown();
        }
        assertThat(names(root)).isEmpty();
    }

    @Test
    void anAddressThatCannotBeReachedIsNamed() {
        server.stop(0);
        ModelPack pack = pack(published("detector", new byte[0]), published("embedder", new byte[0]));

        assertThatThrownBy(() -> store().pull(pack, line -> {}))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining(address("/detector.onnx"));
    }

    @Test
    void aRestrictedPackIsPulledOnlyWhenItsLicenceIsAccepted() throws IOException {
        ModelPack pack = new SmallPack(root).nonCommercial().write();

        assertThatThrownBy(() -> store().pull(pack, line -> {}))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("--accept-licence strict");
        store().pull(pack, Set.of("strict"), line -> {});
    }

    private ModelStore store() {
        return new ModelStore(List.of(root, root.resolve("download")), root.resolve("download"));
    }

    private String address(String path) {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path;
    }

    private String published(String role, byte[] content) {
        return """
                {"role":"%s","path":"%s.onnx","sha256":["%s"],"licence":"Free","optional":false,
                "source":{"kind":"published","address":"%s"}}""".formatted(role, role, ModelStore.sha256(content), address("/" + role + ".onnx"));
    }

    private static ModelPack pack(String... files) {
        String pixels = "{\"channels\":\"BGR\",\"mean\":0,\"deviation\":1}";
        return PackManifest.parse("""
                {"name":"test","version":"1","description":"","directory":"test","files":[%s],
                "licence":{"id":"free","name":"Free","nonCommercial":false,"address":"https://example.org"},
                "detector":{"kind":"yunet","pixels":%s,"longestSide":640,"shortestLongSide":320,"largestFace":0,
                "score":0.5,"overlap":0.3},"landmarks":null,"pose":{"kind":"five_points"},
                "embedder":{"pixels":%s,"width":112,"height":112,"template":[0,0,1,0,0,1,0,2,1,2],"dimension":128},
                "gates":{"score":0.5,"width":32,"yaw":50,"pitch":40,"breadth":0,"brightness":0,"sharpness":0,"contrast":0,"detail":0,"quality":0},
                "thresholds":{"accept":0.5,"create":0.4,"margin":0.05}}
                """.formatted(String.join(",", files), pixels, pixels), "test");
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
