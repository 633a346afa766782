package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Topics;
import paseo.matching.ApiClient.Reply;
import paseo.matching.api.ApiDocument;
import paseo.matching.api.ApiDocument.Route;
import paseo.matching.api.ApiSettings;

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
    private RunningApi api;

    ApiFaultIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        servers.renew();
        api = RunningApi.on(servers);
    }

    @AfterEach
    void stop() {
        api.close();
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
        Servers.await(() -> api.client().get("/v1/persons").status() == 200);
        Reply nested = api.client().ask("POST", "/v1/tokens", "[".repeat(10_000));
        assertThat(nested.status()).isEqualTo(400);
        assertThat(api.client()
                        .ask("POST", "/v1/tokens", "{\"name\": \"a\", \"name\": \"b\"}")
                        .status())
                .isEqualTo(400);
        assertThat(api.client().get("/page/..%2fopenapi.json").status()).isBetween(400, 404);
        assertThat(api.client().get("/v1/persons").status())
                .as("the tables are still there")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("row 47: what is written to the audit trail stays one line of one row")
    void auditLines() {
        api.client()
                .ask("POST", "/v1/tokens", "{\"name\": \"a\\r\\nERROR forged\", \"scopes\": [\"read\"], \"days\": 1}");
        assertThat(api.client().get("/v1/audit").json().get("items"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.get("subject").asText()).contains("a\r\nERROR forged");
                    assertThat(entry.toString()).doesNotContain("\n");
                });
        assertThat(api.database().audit().verify().broken()).isEmpty();
    }

    @Test
    @DisplayName("no token is made or taken away of which the audit trail cannot tell")
    void tokensWithoutAnEntry() throws Exception {
        AccessTokens.Issued other =
                api.database().tokens().issue("other", EnumSet.of(AccessTokens.Scope.READ), Duration.ofHours(1));
        servers.execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'not now';
                END $$
                """);
        servers.execute("CREATE TRIGGER refuse BEFORE INSERT ON audit EXECUTE FUNCTION refuse()");
        String path = "/v1/tokens/" + other.token().id();
        assertThat(api.client().ask("DELETE", path, null).status()).isBetween(500, 503);
        assertThat(new ApiClient(api.server().address(), other.secret())
                        .get("/v1/me")
                        .status())
                .isEqualTo(200);
        assertThat(api.client()
                        .ask("POST", "/v1/tokens", "{\"name\": \"new\", \"scopes\": [\"read\"], \"days\": 1}")
                        .status())
                .isBetween(500, 503);
        assertThat(servers.count("access_token")).isEqualTo(2);

        servers.execute("DROP TRIGGER refuse ON audit");
        assertThat(api.client().ask("DELETE", path, null).status()).isEqualTo(204);
        assertThat(api.database().audit().newest(Long.MAX_VALUE, 2))
                .singleElement()
                .satisfies(entry -> assertThat(entry.action()).isEqualTo("revoke token"));
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
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + api.secret()
                + "\r\nConnection: close\r\n"
                + (body == null ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n" + (body == null ? "" : body);
        try (Socket socket = api.connect()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            return status(socket);
        }
    }

    private static int status(Socket socket) throws IOException {
        String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9, 12));
    }

    @Test
    @DisplayName("row 48: a page elsewhere that makes its own name lead here is not answered")
    void rebinding() throws IOException {
        try (Socket socket = api.connect()) {
            socket.getOutputStream()
                    .write(("GET /v1/persons HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + api.secret()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(status(socket)).isEqualTo(421);
        }
    }

    @ParameterizedTest(name = "row 48: {0}")
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://127.0.0.1:8642/v1/me",
                "http://localhost:8642/v1/me",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "rtsp://10.0.0.5/stream",
                "rtsp://host.example@127.0.0.1/",
                "rtsp://host.example#@127.0.0.1/",
                "rtsp://${file:/etc/passwd}@1.1.1.1/",
                "rtsp://${env:PGPASSWORD}@1.1.1.1/",
                "rtsp://admin:secret@1.1.1.1/",
                "file:///etc/passwd",
                "v4l2:/dev/video0",
                "concat:http://1.1.1.1/|file:///etc/passwd",
                "http://1.1.1.1/live.m3u8"
            })
    @DisplayName("row 48: cameras inside, and addresses that mean two things, are not stored")
    void camerasInside(String address) throws Exception {
        String body = ApiClient.JSON.createObjectNode().put("address", address).toString();
        Reply refused = api.client().ask("PUT", "/v1/stored-cameras/door", body);
        assertThat(refused.status()).isIn(400, 422);
        assertThat(refused.text()).doesNotContain("secret", "passwd");
        assertThat(api.client().get("/v1/stored-cameras").json().get("items")).isEmpty();
        assertThat(servers.records(Topics.CAMERAS)).isEmpty();
        assertThat(api.client().get("/v1/audit").text()).doesNotContain("secret", "passwd");
    }

    @Test
    @DisplayName("row 49: a giant body is refused by its length, or where it has grown too long")
    void giantBody() throws IOException {
        try (Socket socket = api.connect()) {
            socket.getOutputStream().write(head("/v1/tokens", "Content-Length: 4000000000"));
            assertThat(status(socket)).isEqualTo(413);
        }
        try (Socket socket = api.connect()) {
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
        assertThat(api.client().get("/v1/me").status()).isEqualTo(200);
    }

    private static int answered(Socket socket) {
        try {
            return status(socket);
        } catch (IOException e) {
            return 0;
        }
    }

    private byte[] head(String path, String header) {
        return ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + api.secret()
                        + "\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("row 49: headers and bodies that trickle in are cut off, and nobody else waits meanwhile")
    void slowloris() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = api.connect();
                socket.getOutputStream().write("GET /v1/me HTTP/1.1\r\nHost: 127".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            Socket body = api.connect();
            body.getOutputStream().write(head("/v1/tokens", "Content-Length: 2000"));
            body.getOutputStream().write('{');
            slow.add(body);
            assertThat(api.client().get("/v1/me").status()).isEqualTo(200);
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
        ApiClient stranger = new ApiClient(api.server().address(), "paseo_" + "B".repeat(43));
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
    @DisplayName("row 53: no answer, error or audit entry shows a token or the database's password")
    void secrets() {
        StringBuilder all = new StringBuilder();
        for (Route route : ApiDocument.routes()) {
            if (!route.id().equals("streamEvents")) {
                all.append(api.client()
                        .ask(route.method(), route.example(), route.bodyType().isPresent() ? "{}" : null)
                        .text());
            }
        }
        api.database().close();
        Reply broken = api.client().get("/v1/persons");
        assertThat(broken.status()).isEqualTo(503);
        all.append(broken.text());
        Thread.getAllStackTraces().keySet().forEach(thread -> all.append(thread.getName()));
        assertThat(all.toString())
                .doesNotContain(
                        api.secret(),
                        api.secret().substring(6, 20),
                        servers.database().password())
                .doesNotContain("org.postgresql", "Exception");
    }
}
