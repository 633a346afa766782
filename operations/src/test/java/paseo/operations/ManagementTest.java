package paseo.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ManagementTest {
    /** Before the server gives up on a request that does not end. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Command(name = "service")
    static final class Service {
        @Mixin
        private ManagementOptions options = new ManagementOptions();
    }

    @Test
    void whatIsCountedCanBeScraped() throws Exception {
        try (Management management = open("127.0.0.1:0")) {
            management.meters().counter("paseo.frames.read", "camera", "door").increment(3);
            HttpResponse<String> response = get(management, "/metrics");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body())
                    .contains("paseo_frames_read_total{camera=\"door\"} 3.0")
                    .contains("jvm_memory_used_bytes", "process_cpu_usage", "process_files_open_files");
        }
    }

    @Test
    void readyWhenNothingIsMissing() throws Exception {
        try (Management management = open("127.0.0.1:0")) {
            AtomicReference<Optional<String>> missing = new AtomicReference<>(Optional.of("\"gone\"\n"));
            management.health().needs("database", missing::get);
            HttpResponse<String> response = get(management, "/readyz");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body())
                    .isEqualTo("{\"status\":\"not ready\",\"missing\":{\"database\":\"\\\"gone\\\"\\n\"}}");
            missing.set(Optional.empty());
            assertThat(get(management, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(management, "/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void isAliveWhileANeedIsWaitedFor() throws Exception {
        CompletableFuture<Optional<String>> need = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(2);
        try (Management management = open("127.0.0.1:0")) {
            management.health().needs("database", () -> {
                asked.countDown();
                return need.join();
            });
            HttpRequest ready =
                    HttpRequest.newBuilder(uri(management, "/readyz")).build();
            List<CompletableFuture<HttpResponse<String>>> waiting = Stream.generate(
                            () -> HttpClient.newHttpClient().sendAsync(ready, BodyHandlers.ofString()))
                    .limit(2)
                    .toList();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(get(management, "/livez").statusCode()).isEqualTo(200);
            need.complete(Optional.empty());
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void isAliveWhileRequestsDoNotEnd() throws Exception {
        try (Management management = open("127.0.0.1:0");
                Socket first = begin(management);
                Socket second = begin(management)) {
            assertThat(get(management, "/livez").statusCode()).isEqualTo(200);
            for (Socket socket : List.of(first, second)) {
                write(socket, "trics HTTP/1.0\r\n\r\n");
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    private static Socket begin(Management management) throws IOException {
        Socket socket = new Socket();
        socket.connect(management.address().orElseThrow());
        write(socket, "GET /me");
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aNeedThatFailsIsMissing() throws Exception {
        try (Management management = open("127.0.0.1:0")) {
            management.health().needs("group", () -> {
                throw new IllegalStateException("password=1");
            });
            assertThat(get(management, "/readyz").body())
                    .contains("IllegalStateException")
                    .doesNotContain("password");
        }
    }

    @Test
    void onlyOwnWorkThatTakesTooLongHangs() {
        AtomicLong now = new AtomicLong();
        Health health = new Health(now::get);
        Health.Loop loop = health.loop("reader");
        now.addAndGet(2 * Health.PATIENCE.toNanos());
        assertThat(health.hanging()).isEmpty();
        loop.works();
        now.addAndGet(Health.PATIENCE.toNanos());
        assertThat(health.hanging()).isEmpty();
        now.addAndGet(1);
        assertThat(health.hanging()).containsExactly("reader");
        loop.works();
        assertThat(health.hanging()).isEmpty();
        loop.waits();
        now.addAndGet(2 * Health.PATIENCE.toNanos());
        assertThat(health.hanging()).isEmpty();
    }

    @Test
    void nothingCanBeChangedAndNothingElseIsThere() throws Exception {
        try (Management management = open("127.0.0.1:0")) {
            assertThat(get(management, "/").statusCode()).isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(uri(management, "/livez"))
                    .POST(BodyPublishers.ofString("x"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(post, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void withoutAnAddressNobodyListens() throws IOException {
        try (Management management = open()) {
            assertThat(management.address()).isEmpty();
            management.meters().counter("paseo.frames.read", "camera", "door").increment();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9464", "localhost:", "localhost:http", ":9464", "localhost:70000"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> open(text).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void anAddressThatIsTakenIsRefused() {
        try (Management management = open("127.0.0.1:0")) {
            int taken = management.address().map(InetSocketAddress::getPort).orElseThrow();
            assertThatThrownBy(() -> open("127.0.0.1:" + taken).close())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(taken));
        }
    }

    private static Management open(String... address) {
        Service service = new Service();
        CommandLine line = new CommandLine(service);
        if (address.length == 0) {
            line.parseArgs();
        } else {
            line.parseArgs("--management", address[0]);
        }
        return service.options.open();
    }

    private static URI uri(Management management, String path) {
        int port = management.address().map(InetSocketAddress::getPort).orElseThrow();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> get(Management management, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri(management, path))
                                .timeout(SOON)
                                .build(),
                        BodyHandlers.ofString());
    }
}
