package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Camera;
import paseo.events.Reach;
import paseo.events.Region;
import paseo.events.StoredCameras;
import paseo.events.Topics;
import paseo.matching.ApiClient.Reply;
import paseo.matching.api.ApiDocument;
import paseo.operations.KafkaConnection;

/** Cameras stored over the API are records of the topic {@code cameras} like those of the command line. */
@Timeout(180)
@ExtendWith(ServersExtension.class)
class ApiCamerasIT {
    private static final String DOOR = "{\"address\":"
            + " \"rtsp://${env:PASEO_CAMERA_USER}:${env:PASEO_CAMERA_PASSWORD}@192.168.7.9:8554/1?channel=2\","
            + " \"fps\": 7.5, \"leastFace\": 48, \"region\": [0.25, 0, 0.5, 1], \"retentionSeconds\": 86400}";

    private final Servers servers;
    private RunningApi api;

    ApiCamerasIT(Servers servers) {
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

    private StoredCameras topic() {
        KafkaConnection kafka = KafkaConnection.of(servers.bootstrapServers());
        return new StoredCameras(kafka.consumer(Map.of()), kafka.producer(Map.of()));
    }

    private JsonNode listed() {
        return api.client().get("/v1/stored-cameras").json().get("items");
    }

    @Test
    void whatIsStoredIsARecordThatSaysHowFarItMayLead() throws Exception {
        Reply stored = api.client().ask("PUT", "/v1/stored-cameras/door", DOOR);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        ApiDocument.Route route = ApiDocument.routes().stream()
                .filter(one -> one.id().equals("storeCamera"))
                .findFirst()
                .orElseThrow();
        assertThat(ApiDocument.fault(route, 200, stored.json())).isEmpty();
        assertThat(stored.json().get("address").asText()).isEqualTo("rtsp://***@192.168.7.9:8554/1?***");
        assertThat(stored.json().get("confined").asBoolean()).isTrue();

        List<ConsumerRecord<String, Camera>> records = servers.records(Topics.CAMERAS);
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("door");
            assertThat(record.partition()).as("the last one is the files'").isLessThan(Servers.PARTITIONS - 1);
            assertThat(record.value())
                    .isEqualTo(new Camera(
                            "door",
                            "rtsp://${env:PASEO_CAMERA_USER}:${env:PASEO_CAMERA_PASSWORD}@192.168.7.9:8554/1?channel=2",
                            7.5,
                            48,
                            Optional.of(new Region(0.25, 0, 0.5, 1)),
                            86_400,
                            false,
                            Optional.of(Reach.parse(RunningApi.PERMITTED))));
        });
    }

    @Test
    void camerasArePausedResumedAndRemoved() {
        api.client().ask("PUT", "/v1/stored-cameras/door", DOOR);
        api.client().ask("PUT", "/v1/stored-cameras/lift", "{\"address\": \"http://1.1.1.1/video\"}");
        assertThat(listed()).extracting(row -> row.get("camera").asText()).containsExactly("door", "lift");
        assertThat(topic().read().values())
                .extracting(StoredCameras.Entry::partition)
                .doesNotHaveDuplicates();

        assertThat(api.client().ask("POST", "/v1/stored-cameras/door/pause").status())
                .isEqualTo(204);
        assertThat(listed().get(0).get("paused").asBoolean()).isTrue();
        assertThat(listed().get(0).get("fps").asDouble()).isEqualTo(7.5);
        String slower = DOOR.replace("7.5", "2");
        assertThat(api.client()
                        .ask("PUT", "/v1/stored-cameras/door", slower)
                        .json()
                        .get("paused")
                        .asBoolean())
                .as("who changes a camera does not have it watched")
                .isTrue();
        assertThat(listed().get(0).get("fps").asDouble()).isEqualTo(2);
        assertThat(api.client().ask("POST", "/v1/stored-cameras/door/resume").status())
                .isEqualTo(204);
        assertThat(listed().get(0).get("paused").asBoolean()).isFalse();

        assertThat(api.client().ask("DELETE", "/v1/stored-cameras/door").status())
                .isEqualTo(204);
        assertThat(listed()).extracting(row -> row.get("camera").asText()).containsExactly("lift");
        for (String gone : List.of("door", "nix", "NOT-AN-ID")) {
            assertThat(api.client().ask("DELETE", "/v1/stored-cameras/" + gone).status())
                    .isEqualTo(404);
        }
        assertThat(api.client().get("/v1/audit").json().get("items"))
                .extracting(entry -> entry.get("action").asText() + ", "
                        + entry.get("subject").asText())
                .containsExactly(
                        "remove camera, camera door",
                        "resume camera, camera door",
                        "store camera, camera door",
                        "pause camera, camera door",
                        "store camera, camera lift",
                        "store camera, camera door");
        assertThat(api.client().get("/v1/audit").text())
                .contains("at rtsp://***@192.168.7.9")
                .doesNotContain("PASEO_CAMERA");
    }

    /** Such as an address with a secret in it, from before those were refused. */
    @Test
    void whatNobodyCanReadIsOverwrittenAndRemovedWhereItIs() throws Exception {
        int partition = Servers.PARTITIONS - 2;
        servers.send(Topics.CAMERAS, partition, new byte[] {1, 2, 3});
        Servers.await(() -> topic().knows("camera"));
        assertThat(listed()).isEmpty();
        assertThat(api.client().ask("DELETE", "/v1/stored-cameras/camera").status())
                .isEqualTo(204);
        assertThat(topic().knows("camera")).isFalse();
        assertThat(api.client().ask("DELETE", "/v1/stored-cameras/camera").status())
                .isEqualTo(404);

        servers.send(Topics.CAMERAS, partition, new byte[] {1, 2, 3});
        Servers.await(() -> topic().knows("camera"));
        assertThat(api.client().ask("PUT", "/v1/stored-cameras/camera", DOOR).status())
                .isEqualTo(200);
        assertThat(topic().read().values())
                .extracting(StoredCameras.Entry::partition)
                .containsExactly(partition);
    }

    @Test
    void theOperatorsOwnCamerasStayAsTheyAre() {
        Camera own = new Camera("yard", "v4l2:/dev/video0", 0, 0, Optional.empty(), 0, false);
        topic().put(own);
        assertThat(api.client().ask("POST", "/v1/stored-cameras/yard/pause").status())
                .isEqualTo(204);
        assertThat(topic().read().values())
                .extracting(StoredCameras.Entry::camera)
                .containsExactly(own.withPaused(true));
        assertThat(listed().get(0).get("confined").asBoolean()).isFalse();
    }

    @Test
    void whatIsNotPermittedIsSaidAndWrittenDown() {
        Reply refused = api.client().ask("PUT", "/v1/stored-cameras/door", "{\"address\": \"rtsp://localhost/1\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("detail").asText()).contains("localhost", "--camera-networks");
        assertThat(api.client()
                        .ask("PUT", "/v1/stored-cameras/door", "{\"address\": \"rtsp://no-such-host.invalid/\"}")
                        .json()
                        .get("detail")
                        .asText())
                .contains("nobody knows");
        assertThat(api.client()
                        .ask("PUT", "/v1/stored-cameras/No", "{\"address\": \"rtsp://1.1.1.1/\"}")
                        .status())
                .isEqualTo(400);
        assertThat(api.client()
                        .ask(
                                "PUT",
                                "/v1/stored-cameras/door",
                                "{\"address\": \"rtsp://1.1.1.1/\", \"region\": [0.5, 0, 0.6, 1]}")
                        .status())
                .as("a region that is not in the picture")
                .isEqualTo(400);
        assertThat(listed()).isEmpty();
        assertThat(api.client().get("/v1/audit").json().get("items"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("outcome").asText())
                        .startsWith("refused: localhost leads into a network"));
    }
}
