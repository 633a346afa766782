package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Decision;
import paseo.events.Sighting;
import paseo.events.Topics;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.ApiClient.Reply;
import paseo.matching.api.ApiDocument;
import paseo.matching.api.ApiDocument.Route;
import paseo.matching.api.ApiServer;
import paseo.matching.api.ApiSettings;
import paseo.operations.KafkaConnection;

/** What strangers, and clients that mean no harm, do to an API. The database is empty. */
@Tag("fault")
@Timeout(180)
@ExtendWith(ServersExtension.class)
class ApiFaultIT {
    private static final long PAUSE_NANOS = 50_000_000;
    private static final List<String> NASTY = List.of(
            "'; DROP TABLE person; --",
            "1 OR 1=1",
            "../../etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "%00",
            "%0d%0aX-Injected: yes",
            "%ff%fe",
            "%zz",
            "-1",
            "99999999999999999999",
            "NaN",
            "${jndi:ldap://127.0.0.1/a}",
            "<script>alert(1)</script>",
            "\u202e\u0000",
            "x".repeat(3_000));

    private final Servers servers;
    private ApiDatabase database;
    private ApiServer server;
    private String secret = "";
    private ApiClient client;

    ApiFaultIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        servers.renew();
        database = ApiDatabase.open(servers.database());
        server = ApiServer.start(
                ApiSettings.local(0),
                database,
                new ApiServer.Parts(
                        Optional.of(KafkaConnection.of(servers.bootstrapServers())),
                        Optional.empty(),
                        Optional.empty()));
        secret = database.tokens()
                .issue("tester", EnumSet.allOf(Scope.class), Duration.ofHours(1))
                .secret();
        client = new ApiClient(server.address(), secret);
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (one & 0xff);
            boolean plain = character < 128 && (Character.isLetterOrDigit(character) || "%._-".indexOf(character) >= 0);
            escaped.append(plain ? String.valueOf(character) : String.format("%%%02x", one & 0xff));
        }
        return escaped.toString();
    }

    @Test
    @DisplayName("row 47: injections, traversals and nested JSON are refused, and none is an error of the server's")
    void injections() throws Exception {
        Set<Integer> statuses = new TreeSet<>();
        for (Route route : ApiDocument.routes()) {
            if (route.id().equals("streamEvents")) {
                continue;
            }
            for (String nasty : NASTY) {
                String path = route.path()
                        .replaceAll(
                                "\\{[a-z]+\\}", escaped(nasty).replace("\\", "").replace("$", "%24"));
                statuses.add(raw(route.method(), path, route.bodyType().isPresent() ? "{\"other\": \"x\"}" : null));
                for (String query : List.of("camera", "cursor", "limit", "since", "format", "nix")) {
                    statuses.add(raw(route.method(), route.example() + "?" + query + "=" + escaped(nasty), null));
                }
            }
        }
        assertThat(statuses).allSatisfy(status -> assertThat(status).isBetween(200, 499));
        assertThat(statuses).contains(400, 404, 415);
        Servers.await(() -> client.get("/v1/persons").status() == 200);
        Reply nested = client.ask("POST", "/v1/tokens", "[".repeat(10_000));
        assertThat(nested.status()).isEqualTo(400);
        assertThat(client.ask("POST", "/v1/tokens", "{\"name\": \"a\", \"name\": \"b\"}")
                        .status())
                .isEqualTo(400);
        assertThat(client.get("/page/..%2fopenapi.json").status()).isBetween(400, 404);
        assertThat(client.get("/v1/persons").status())
                .as("the tables are still there")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("row 47: what is written to the audit trail stays one line of one row")
    void auditLines() {
        client.ask("POST", "/v1/tokens", "{\"name\": \"a\\r\\nERROR forged\", \"scopes\": [\"read\"], \"days\": 1}");
        assertThat(client.get("/v1/audit").json().get("items")).singleElement().satisfies(entry -> {
            assertThat(entry.get("subject").asText()).contains("a\r\nERROR forged");
            assertThat(entry.toString()).doesNotContain("\n");
        });
        assertThat(database.audit().verify().broken()).isEmpty();
    }

    /** The status of a request that a well-behaved client would not send; the connection is the request's own. */
    private int raw(String method, String path, @Nullable String body) throws IOException {
        int status = once(method, path, body);
        // Thousands of them come faster than anybody may ask.
        while (status == 429) {
            LockSupport.parkNanos(PAUSE_NANOS);
            status = once(method, path, body);
        }
        return status;
    }

    private int once(String method, String path, @Nullable String body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret
                + "\r\nConnection: close\r\n"
                + (body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n" + (body == null ? "" : body);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            return status(socket);
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static int status(Socket socket) throws IOException {
        String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9, 12));
    }

    @Test
    @DisplayName("row 48: a page elsewhere that makes its own name lead here is not answered")
    void rebinding() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("GET /v1/persons HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + secret
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(status(socket)).isEqualTo(421);
        }
    }

    @Test
    @DisplayName("row 49: a giant body is refused by its length, or where it has grown too long")
    void giantBody() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("/v1/tokens", "Content-Length: 4000000000"));
            assertThat(status(socket)).isEqualTo(413);
        }
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("/v1/tokens", "Transfer-Encoding: chunked"));
            byte[] chunk = ("1000\r\n" + " ".repeat(4_096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            int written = 0;
            try {
                for (; written < 4_000; written++) {
                    out.write(chunk);
                }
            } catch (SocketException e) {
                assertThat(written).as("cut off in the middle").isLessThan(4_000);
            }
            assertThat(answered(socket)).isIn(413, 0);
        }
        assertThat(client.get("/v1/me").status()).isEqualTo(200);
    }

    private static int answered(Socket socket) {
        try {
            return status(socket);
        } catch (IOException e) {
            return 0;
        }
    }

    private byte[] head(String path, String header) {
        return ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret
                        + "\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("row 49: headers and bodies that trickle in are cut off, and nobody else waits meanwhile")
    void slowloris() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = connect();
                socket.getOutputStream().write("GET /v1/me HTTP/1.1\r\nHost: 127".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            Socket body = connect();
            body.getOutputStream().write(head("/v1/tokens", "Content-Length: 2000"));
            body.getOutputStream().write('{');
            slow.add(body);
            assertThat(client.get("/v1/me").status()).isEqualTo(200);
            Servers.await(() -> slow.stream().allMatch(ApiFaultIT::ended));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static boolean ended(Socket socket) {
        try {
            socket.setSoTimeout(20);
            InputStream in = socket.getInputStream();
            return in.read() < 0 || socket.getInputStream().available() > 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @DisplayName("row 50: wrong tokens are answered more and more rarely")
    void guessing() {
        ApiClient stranger = new ApiClient(server.address(), "paseo_" + "B".repeat(43));
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < 160; i++) {
            statuses.add(stranger.get("/v1/me").status());
        }
        assertThat(statuses).containsExactly(401, 429);
    }

    @Test
    @DisplayName("row 50: an address that others can reach is refused without a certificate")
    void onlyThisMachine() {
        assertThatThrownBy(() -> ApiSettings.parse("0.0.0.0:8642", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TLS");
        assertThat(ApiSettings.parse("[::1]:0", Optional.empty()).host()).isEqualTo("::1");
    }

    @Test
    @DisplayName("row 51: who takes live events too slowly is cut off, everybody else gets them")
    void slowListener() throws Exception {
        try (Socket slow = connect();
                Listener quick = new Listener(null)) {
            slow.setReceiveBufferSize(4_096);
            slow.getOutputStream().write(listen(null));
            slow.getInputStream().readNBytes(16);
            int before = quick.events;
            for (int i = 0; i < 14_000; i++) {
                servers.send(
                        Topics.SIGHTINGS,
                        i % Servers.PARTITIONS,
                        Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            assertThat(quick.takes(before + 14_000)).isTrue();
            slow.setSoTimeout(30_000);
            assertThat(readToTheEnd(slow)).as("bytes before the cut").isPositive();
        }
    }

    private static long readToTheEnd(Socket socket) {
        long read = 0;
        byte[] buffer = new byte[65_536];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                read += n;
            }
        } catch (SocketException e) {
            return read;
        } catch (IOException e) {
            throw new AssertionError("the connection was not cut", e);
        }
        return read;
    }

    @Test
    @DisplayName("row 8: a listener who comes back to another API gets what it has missed")
    void resumes() throws Exception {
        String last;
        try (Listener listener = new Listener(null)) {
            for (int i = 0; i < 8; i++) {
                servers.send(Topics.SIGHTINGS, i % 4, Topics.SIGHTINGS.codec().encode(sighting(i)));
            }
            assertThat(listener.takes(8)).isTrue();
            last = listener.lastId;
        }
        server.close();
        for (int i = 8; i < 20; i++) {
            servers.send(Topics.SIGHTINGS, i % 4, Topics.SIGHTINGS.codec().encode(sighting(i)));
        }
        start(Optional.of(servers.bootstrapServers()));
        try (Listener again = new Listener(last)) {
            assertThat(again.takes(12)).isTrue();
            assertThat(again.sequences).hasSize(12);
            assertThat(again.resets).isZero();
        }
        try (Listener lost = new Listener("0-1")) {
            Servers.await(() -> lost.reads() && lost.resets == 1);
        }
    }

    private void start(Optional<String> kafka) {
        server = ApiServer.start(
                ApiSettings.local(0),
                database,
                new ApiServer.Parts(kafka.map(KafkaConnection::of), Optional.empty(), Optional.empty()));
        client = new ApiClient(server.address(), secret);
    }

    private byte[] listen(@Nullable String lastId) {
        return ("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + secret + "\r\n"
                        + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the stream of events as it comes. */
    private final class Listener implements AutoCloseable {
        private final Socket socket = connect();
        private final BufferedReader lines;
        private final Set<String> sequences = new TreeSet<>();
        private int events;
        private int resets;
        private String lastId = "";

        Listener(@Nullable String after) throws IOException {
            socket.getOutputStream().write(listen(after));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); !line.startsWith(": welcome"); line = lines.readLine()) {
                assertThat(line).doesNotContain("HTTP/1.1 4");
            }
        }

        boolean takes(int most) throws IOException {
            while (events < most) {
                take(lines.readLine());
            }
            return true;
        }

        /** Takes one line. */
        boolean reads() {
            try {
                take(lines.readLine());
                return true;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void take(String line) {
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.equals("event: reset")) {
                resets++;
            } else if (line.startsWith("data: {\"sequenceId\"")) {
                events++;
                sequences.add(line.substring(0, 70));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Sighting sighting(int number) {
        return new Sighting(
                new UUID(7, number),
                Decision.NEW,
                number + 1,
                "door",
                1,
                "door",
                number,
                number + 5,
                number,
                number + 1,
                6,
                6,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(0.5),
                number,
                "test",
                Recording.PACK,
                false,
                OptionalDouble.empty(),
                0);
    }

    @Test
    @DisplayName("row 53: no answer, error or audit entry shows a token or the database's password")
    void secrets() {
        StringBuilder all = new StringBuilder();
        for (Route route : ApiDocument.routes()) {
            if (!route.id().equals("streamEvents")) {
                all.append(client.ask(
                                route.method(),
                                route.example(),
                                route.bodyType().isPresent() ? "{}" : null)
                        .text());
            }
        }
        database.close();
        Reply broken = client.get("/v1/persons");
        assertThat(broken.status()).isEqualTo(503);
        all.append(broken.text());
        Thread.getAllStackTraces().keySet().forEach(thread -> all.append(thread.getName()));
        assertThat(all.toString())
                .doesNotContain(
                        secret, secret.substring(6, 20), servers.database().password())
                .doesNotContain("org.postgresql", "Exception");
        database = ApiDatabase.open(servers.database());
    }
}
