package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Topics;
import paseo.matching.ApiClient.Reply;

/** What people change over the API: who is who, and who is to be forgotten. */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class ApiCorrectionsIT {
    private final Servers servers;
    private UUID comesBack = new UUID(0, 0);
    private RunningApi api;
    private ApiClient client;

    ApiCorrectionsIT(Servers servers) {
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

    @Test
    void aMergeCanBeTakenBackAndBothAreWrittenDown() {
        JsonNode merged =
                client.ask("POST", "/v1/persons/1/merge", "{\"other\": 3}").json();
        assertThat(merged.get("to").asLong()).isEqualTo(1);
        assertThat(client.get("/v1/persons/3").json().get("person").asLong())
                .as("the old number means them")
                .isEqualTo(1);
        assertThat(client.ask("POST", "/v1/persons/1/merge", "{\"other\": 3}").status())
                .as("sent once more")
                .isEqualTo(409);
        Reply undone = client.ask("POST", "/v1/revisions/" + merged.get("position") + "/undo");
        assertThat(undone.status()).isEqualTo(200);
        assertThat(client.get("/v1/persons/3").json().get("person").asLong()).isEqualTo(3);
        assertThat(client.ask("POST", "/v1/persons/2/merge", "{\"other\": 3}")
                        .json()
                        .get("detail")
                        .asText())
                .as("seen side by side")
                .contains("one frame");
        assertThat(client.get("/v1/audit").json().get("items"))
                .extracting(entry ->
                        entry.get("actor").asText() + " " + entry.get("action").asText())
                .containsExactly("tester undo", "tester merge");
        assertThat(client.get("/v1/audit/verification").json().get("broken").isNull())
                .isTrue();
    }

    @Test
    void aMergeKeepsTheWatch() {
        client.ask("PUT", "/v1/watchlist/3");
        JsonNode merged =
                client.ask("POST", "/v1/persons/1/merge", "{\"other\": 3}").json();
        assertThat(numbers("/v1/watchlist")).containsExactly(1L);
        assertThat(client.get("/v1/persons/1").json().get("watched").asBoolean())
                .isTrue();
        assertThat(client.get("/v1/persons").json().get("items"))
                .filteredOn(row -> row.get("watched").asBoolean())
                .extracting(row -> row.get("person").asLong())
                .containsExactly(1L);
        client.ask("POST", "/v1/revisions/" + merged.get("position") + "/undo");
        assertThat(numbers("/v1/watchlist")).as("whom it meant before").containsExactly(3L);
        assertThat(client.get("/v1/persons/1").json().get("watched").asBoolean())
                .isFalse();

        client.ask("POST", "/v1/persons/1/merge", "{\"other\": 3}");
        assertThat(client.ask("DELETE", "/v1/watchlist/1").status()).isEqualTo(204);
        assertThat(numbers("/v1/watchlist")).isEmpty();
        assertThat(client.ask("DELETE", "/v1/watchlist/3").status()).isEqualTo(404);
    }

    @Test
    void aMergedNumberIsAnsweredForWhomItMeans() throws SQLException {
        // As consolidation does, which these recordings need not wait for.
        servers.execute("""
                INSERT INTO person_centre (person, centre)
                SELECT person, l2_normalize(avg(embedding)) FROM template
                WHERE person IS NOT NULL AND ordinal = 0 GROUP BY person
                ON CONFLICT DO NOTHING
                """);
        client.ask("POST", "/v1/persons/1/merge", "{\"other\": 3}");
        assertThat(client.get("/v1/persons/3/sightings").json().get("items")).hasSize(3);
        assertThat(numbers("/v1/persons/3/neighbours"))
                .containsExactly(2L)
                .isEqualTo(numbers("/v1/persons/1/neighbours"));
        assertThat(client.get("/v1/persons/99/sightings").json().get("items")).isEmpty();
    }

    private List<Long> numbers(String list) {
        List<Long> numbers = new ArrayList<>();
        client.get(list)
                .json()
                .get("items")
                .forEach(row -> numbers.add(row.get("person").asLong()));
        return numbers;
    }

    @Test
    void aSequenceCanBeSplitOffAndGivenToSomebodyElse() {
        JsonNode split =
                client.ask("POST", "/v1/sequences/" + comesBack + "/split").json();
        assertThat(split.get("to").asLong()).isEqualTo(4);
        assertThat(client.ask("POST", "/v1/sequences/" + comesBack + "/reassign", "{\"person\": 1}")
                        .status())
                .as("it is all that there is of person 4")
                .isEqualTo(409);
        client.ask("POST", "/v1/persons/3/merge", "{\"other\": 4}");
        JsonNode given = client.ask("POST", "/v1/sequences/" + comesBack + "/reassign", "{\"person\": 1}")
                .json();
        assertThat(given.get("kind").asText()).isEqualTo("REASSIGNED");
        assertThat(client.get("/v1/persons/1/sightings").json().get("items")).hasSize(2);
    }

    @Test
    void whoOptsOutIsErasedAndOnAListUntilThatIsTakenBack() {
        Reply reply = client.ask("POST", "/v1/persons/3/opt-out");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("sequences").asInt()).isEqualTo(2);
        assertThat(client.get("/v1/persons/3").status()).isEqualTo(404);
        assertThat(client.ask("POST", "/v1/persons/3/opt-out").status()).isEqualTo(404);
        JsonNode entries = client.get("/v1/opt-outs").json().get("items");
        assertThat(entries).hasSize(1);
        String entry = "/v1/opt-outs/" + entries.get(0).get("id").asLong();
        assertThat(client.ask("DELETE", entry).status()).isEqualTo(204);
        assertThat(client.ask("DELETE", entry).status()).isEqualTo(404);
        assertThat(client.get("/v1/audit").json().get("items"))
                .extracting(audited -> audited.get("action").asText())
                .containsExactly("opt-in", "erase", "opt-out");
    }

    @Test
    void whoIsErasedIsNowhereAndComesNotBackWhenTheTopicIsReadAgain() throws Exception {
        Reply reply = client.ask("DELETE", "/v1/persons/3");
        JsonNode receipt = reply.json();
        assertThat(receipt.get("sequences").asInt()).isEqualTo(2);
        assertThat(receipt.get("faces").asInt()).isEqualTo(11);
        assertThat(receipt.get("tombstones").asInt()).isEqualTo(3);
        assertThat(client.get("/v1/persons/3").status()).isEqualTo(404);
        assertThat(client.get("/v1/sequences/" + comesBack).status()).isEqualTo(404);
        assertThat(client.get("/v1/persons").json().get("items")).hasSize(2);
        assertThat(client.get("/v1/audit").json().get("items").get(0).get("hash"))
                .isEqualTo(receipt.get("hash"));
        assertThat(client.ask("DELETE", "/v1/persons/3").status()).isEqualTo(404);
        assertThat(client.ask("POST", "/v1/persons/3/merge", "{\"other\": 1}").status())
                .isEqualTo(409);
        assertThat(rows("face")).isEqualTo(10);
        assertThat(rows("template")).isEqualTo(4);

        try (Connection connection = servers.connect()) {
            Sql.update(connection, "DELETE FROM consumed_offset");
        }
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Recording third = new Recording("c");
            third.walk(3, 5);
            servers.send(third.end(), 2);
            servers.awaitIdle();
            assertThat(matcher.running()).isTrue();
        }
        assertThat(client.get("/v1/persons").json().get("items"))
                .extracting(row -> row.get("person").asLong())
                .as("whoever comes again is somebody new")
                .containsExactly(4L, 2L, 1L);
        assertThat(client.get("/v1/sequences/" + comesBack).status()).isEqualTo(404);
        assertThat(servers.records(Topics.SIGHTINGS))
                .filteredOn(record -> record.value() == null)
                .extracting(record -> record.key())
                .hasSize(2)
                .contains(comesBack.toString());
        assertThat(servers.records(Topics.PERSONS))
                .filteredOn(record -> record.value() == null)
                .extracting(record -> record.key())
                .containsExactly("3");
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = servers.connect()) {
            return Sql.one(connection, "SELECT count(*) FROM " + table, row -> row.getLong(1));
        }
    }
}
