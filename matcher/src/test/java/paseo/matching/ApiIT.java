package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.ApiClient.Reply;
import paseo.matching.api.ApiDocument;
import paseo.matching.api.ApiDocument.Route;

/** The API to those who read: who may, and what they are told of {@link ThreePeople}. */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class ApiIT {
    /** Nothing passes while these tests run. */
    private static final Set<String> LIVE = Set.of("streamEvents", "getScene");

    private final Servers servers;
    private UUID comesBack = new UUID(0, 0);
    private RunningApi api;
    private ApiClient client;

    ApiIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        comesBack = ThreePeople.storedBy(servers);
        api = RunningApi.on(servers);
        client = api.client();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private String token(EnumSet<Scope> scopes, Duration validity) {
        return api.database().tokens().issue("test", scopes, validity).secret();
    }

    private static Optional<String> body(Route route) {
        return route.bodyType().map(type -> type.equals("application/json") ? "{}" : "x");
    }

    private static Reply ask(ApiClient client, Route route) {
        return client.ask(
                route.method(),
                route.example(),
                body(route).orElse(null),
                route.bodyType().orElse("application/json"));
    }

    @Test
    void everyRouteIsRefusedWithoutTheRightToken() {
        List<Route> guarded = ApiDocument.routes().stream()
                .filter(route -> route.scope().isPresent())
                .toList();
        assertThat(guarded).hasSizeGreaterThan(25);
        ApiClient nobody = new ApiClient(api.server().address(), null);
        ApiClient stranger = new ApiClient(api.server().address(), "paseo_" + "A".repeat(43));
        ApiClient late =
                new ApiClient(api.server().address(), token(EnumSet.allOf(Scope.class), Duration.ofSeconds(-1)));
        for (Route route : guarded) {
            assertThat(ask(nobody, route).status())
                    .as("%s, no token", route.id())
                    .isEqualTo(401);
            assertThat(ask(stranger, route).status())
                    .as("%s, unknown token", route.id())
                    .isEqualTo(401);
            Reply expired = ask(late, route);
            assertThat(expired.status()).as("%s, expired", route.id()).isEqualTo(401);
            assertThat(expired.header("WWW-Authenticate")).startsWith("Bearer");
            EnumSet<Scope> others =
                    EnumSet.complementOf(EnumSet.of(Scope.of(route.scope().orElseThrow())));
            Reply wrong = ask(new ApiClient(api.server().address(), token(others, Duration.ofHours(1))), route);
            assertThat(wrong.status()).as("%s, wrong scope", route.id()).isEqualTo(403);
            assertThat(ApiDocument.fault(route, 403, wrong.json())).isEmpty();
        }
        assertThat(client.get("/v1/persons").json().get("items"))
                .as("nothing has happened")
                .hasSize(3);
        assertThat(api.database().audit().verify().entries()).isZero();
    }

    @Test
    void howMuchThereIsIsNotCountedAnewForEachWhoAsks() throws Exception {
        assertThat(api.database().window().system()).containsEntry("persons", 3L);
        assertThat(client.get("/v1/system").json().get("persons").asLong()).isEqualTo(3);
        try (Database database = Database.open(servers.database())) {
            new Crowd(database).add(1, "lobby");
        }
        assertThat(client.get("/v1/system").json().get("persons").asLong()).isEqualTo(3);
        assertThat(api.database().window().system()).containsEntry("persons", 4L);
    }

    @Test
    void everyAnswerIsAsTheDocumentSays() {
        client.ask("PUT", "/v1/watchlist/2");
        client.ask("POST", "/v1/persons/1/merge", "{\"other\": 2}");
        for (Route route : ApiDocument.routes()) {
            if (route.method().equals("GET") && !LIVE.contains(route.id())) {
                String path = route.path()
                        .replace("{person}", "3")
                        .replace("{sequence}", comesBack.toString())
                        .replace("{ordinal}", "1")
                        .replace("{file}", "app.js");
                Reply reply = client.get(path);
                assertThat(reply.status()).as(route.id()).isEqualTo(200);
                assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'");
                assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
                if (reply.header("Content-Type").equals("application/json")) {
                    assertThat(ApiDocument.fault(route, 200, reply.json()))
                            .as("%s: %s", route.id(), reply.text())
                            .isEmpty();
                }
            }
        }
        assertThat(client.get("/v1/persons/99").status()).isEqualTo(404);
        assertThat(client.get("/v1/nothing").status()).isEqualTo(404);
        assertThat(client.ask("PATCH", "/v1/persons").status()).isEqualTo(405);
        assertThat(client.ask("POST", "/v1/search", "x", "image/jpeg").status()).isEqualTo(501);
    }

    @Test
    void somebodyNewIsAnsweredForWhileStillInView() throws Exception {
        Recording hall = new Recording("hall");
        new View(hall, 0, 0).grows(8, Recording.person(9));
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            servers.send(hall, 2);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        Reply reply = client.get("/v1/persons/4");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("sequences").asInt()).isZero();
        assertThat(reply.json().get("cameras")).isEmpty();
        assertThat(ApiDocument.routes())
                .filteredOn(route -> route.id().equals("getPerson"))
                .singleElement()
                .satisfies(route ->
                        assertThat(ApiDocument.fault(route, 200, reply.json())).isEmpty());
    }

    @Test
    void peopleComeLatestFirstAndInParts() {
        List<Long> people = new ArrayList<>();
        String next = "";
        do {
            JsonNode part = client.get("/v1/persons?limit=1" + next).json();
            part.get("items").forEach(row -> people.add(row.get("person").asLong()));
            next = part.get("next").isNull()
                    ? ""
                    : "&cursor=" + part.get("next").asText();
        } while (!next.isEmpty());
        assertThat(people).containsExactly(3L, 2L, 1L);
        assertThat(client.get("/v1/persons?camera=a").json().get("items"))
                .extracting(row -> row.get("person").asLong())
                .containsExactly(3L, 2L, 1L);
        assertThat(client.get("/v1/persons?camera=b").json().get("items"))
                .extracting(row -> row.get("person").asLong())
                .containsExactly(3L);
        assertThat(client.get("/v1/persons?until=2020-01-01T00:00:00Z").json().get("items"))
                .isEmpty();
        assertThat(client.get("/v1/persons?since=2020-01-01T00:00:00Z").json().get("items"))
                .hasSize(3);
        assertThat(client.get("/v1/persons/3/sightings").json().get("items"))
                .extracting(row -> row.get("camera").asText())
                .containsExactly("b", "a");
        assertThat(client.get("/v1/sequences/" + comesBack + "/faces?limit=4")
                        .json()
                        .get("items"))
                .hasSize(4);
        assertThat(client.get("/v1/sequences/" + comesBack + "/shots/1")
                        .response()
                        .body())
                .containsExactly(1, 2, 3);
    }

    @Test
    void nobodyIsMissingOfATimeInWhichTheClockWasSetBack() throws SQLException {
        try (Connection connection = servers.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE sequence SET stored_at = stored_at + interval '1 minute' WHERE person = 1");
        }
        assertThat(client.get("/v1/persons?since=2020-01-01T00:00:00Z").json().get("items"))
                .extracting(row -> row.get("person").asLong())
                .containsExactly(3L, 2L, 1L);
        assertThat(client.get("/v1/persons?until=2100-01-01T00:00:00Z").json().get("items"))
                .extracting(row -> row.get("person").asLong())
                .containsExactly(3L, 2L, 1L);
    }

    @Test
    void whatIsTakenOutOfTheAuditTrailIsMissed() throws Exception {
        for (int person = 1; person <= 3; person++) {
            client.ask("PUT", "/v1/watchlist/" + person);
        }
        AuditTrail audit = api.database().audit();
        assertThat(audit.verify().broken()).isEmpty();
        try (Connection connection = servers.connect()) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> Sql.update(connection, "DELETE FROM audit WHERE position = 2")))
                    .hasMessageContaining("only ever added to");
        }
        tamper("UPDATE audit SET outcome = 'nothing' WHERE position = 2");
        assertThat(audit.verify().broken()).hasValue(2);
        tamper("DELETE FROM audit WHERE position = 2");
        assertThat(audit.verify().broken()).hasValue(2);
    }

    private void tamper(String sql) throws SQLException {
        try (Connection connection = servers.connect()) {
            Sql.update(connection, "ALTER TABLE audit DISABLE TRIGGER USER");
            Sql.update(connection, sql);
            Sql.update(connection, "ALTER TABLE audit ENABLE TRIGGER USER");
        }
    }

    @Test
    void tokensAreShownOnceAndCanBeTakenAway() throws Exception {
        JsonNode made = client.ask("POST", "/v1/tokens", "{\"name\": \"reader\", \"scopes\": [\"read\"], \"days\": 1}")
                .json();
        ApiClient reader =
                new ApiClient(api.server().address(), made.get("secret").asText());
        assertThat(reader.get("/v1/me").json().get("name").asText()).isEqualTo("reader");
        assertThat(client.get("/v1/tokens").text())
                .doesNotContain(made.get("secret").asText());
        try (Connection connection = servers.connect()) {
            assertThat(Sql.query(connection, "SELECT access_token::text FROM access_token", row -> row.getString(1)))
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row)
                            .doesNotContain(made.get("secret").asText().substring(6)));
        }
        assertThat(client.ask("DELETE", "/v1/tokens/" + made.get("id")).status())
                .isEqualTo(204);
        assertThat(reader.get("/v1/me").status()).isEqualTo(401);
    }

    @Test
    void sightingsAndSequencesAreExportedAsFiles() {
        List<String> table = client.get("/v1/exports/sightings").text().lines().toList();
        assertThat(table).hasSize(5);
        assertThat(table.get(0)).startsWith("sequence,person,decision,");
        assertThat(client.get("/v1/exports/sightings?format=jsonl&camera=b")
                        .text()
                        .lines())
                .singleElement()
                .asString()
                .contains(comesBack.toString());
        List<String> sequences =
                client.get("/v1/exports/sequences").text().lines().toList();
        assertThat(sequences).hasSize(5);
        assertThat(sequences.get(0)).startsWith("sequence,camera,epoch,").endsWith(",storedAt");
        assertThat(client.get("/v1/exports/sequences?until=2020-01-01T00:00:00Z")
                        .text()
                        .lines())
                .containsExactly(sequences.get(0));
        byte[] parquet =
                client.get("/v1/exports/sequences?format=parquet").response().body();
        assertThat(new String(parquet, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
        assertThat(new String(parquet, parquet.length - 4, 4, StandardCharsets.US_ASCII))
                .isEqualTo("PAR1");
        assertThat(client.get("/v1/exports/sightings?format=xlsx").status()).isEqualTo(400);
    }

    @Test
    void whoLooksAlikeIsFoundByAFace() {
        Likenesses.Likeness likeness = api.database().likenesses().like(Recording.pictureOf(3, 77), Recording.PACK, 2);
        assertThat(likeness.persons()).isEqualTo(3);
        assertThat(likeness.candidates().get(0))
                .containsEntry("person", 3L)
                .extractingByKey("similarity")
                .satisfies(value -> assertThat((Double) value).isCloseTo(0.85, within(0.12)));
    }

    @Test
    void theWatchListHoldsNumbers() {
        assertThat(client.ask("PUT", "/v1/watchlist/2").status()).isEqualTo(204);
        assertThat(client.ask("PUT", "/v1/watchlist/77").status()).isEqualTo(404);
        assertThat(client.get("/v1/persons/2").json().get("watched").asBoolean())
                .isTrue();
        assertThat(client.ask("DELETE", "/v1/watchlist/2").status()).isEqualTo(204);
        assertThat(client.get("/v1/watchlist").json().get("items")).isEmpty();
    }
}
