package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import paseo.events.Decision;
import paseo.events.PersonEvent;
import paseo.events.Sighting;
import paseo.events.Topic;
import paseo.events.Topics;

/** The document for those who listen to topics says what is on them. */
class AsyncApiTest {
    private static JsonNode document = new ObjectMapper().createObjectNode();

    @BeforeAll
    static void read() throws IOException {
        Path root = Path.of(Objects.requireNonNullElse(System.getenv("PASEO_ROOT"), "../.."));
        document = new ObjectMapper().readTree(Files.readString(root.resolve("deploy/asyncapi/asyncapi.json")));
    }

    @Test
    void everyTopicIsDescribed() {
        assertThat(names(document.get("channels")))
                .containsExactlyElementsOf(
                        Topics.all().stream().map(Topic::name).toList());
    }

    @Test
    void everyMemberOfASightingIsDescribed() throws IOException {
        Sighting sighting = new Sighting(
                new UUID(1, 2),
                Decision.RECOGNISED,
                7,
                "door",
                3,
                "door",
                10,
                20,
                1.5,
                2.5,
                11,
                9,
                OptionalDouble.of(0.7),
                OptionalDouble.of(0.2),
                OptionalDouble.of(0.5),
                40,
                "retail-2",
                "retail@1",
                true,
                OptionalDouble.of(2),
                1);
        agree("Sighting", Topics.SIGHTINGS.codec().toJson(sighting));
    }

    @Test
    void everyMemberOfAPersonsEventIsDescribed() throws IOException {
        PersonEvent event = new PersonEvent(
                "ledger/12",
                PersonEvent.Kind.MERGED,
                1,
                2,
                List.of(new UUID(1, 2)),
                OptionalDouble.of(0.7),
                "undo",
                11,
                OptionalDouble.of(0.5),
                "retail@1");
        agree("PersonEvent", Topics.PERSONS.codec().toJson(event));
    }

    private static void agree(String message, String json) throws IOException {
        assertThat(names(new ObjectMapper().readTree(json)))
                .containsExactlyInAnyOrderElementsOf(
                        names(document.at("/components/messages/" + message + "/payload/properties")));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
