package paseo.matching.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Camera;
import paseo.events.Reach;
import paseo.events.Region;
import paseo.events.StoredCameras;
import paseo.matching.AuditTrail;
import paseo.operations.KafkaConnection;

/**
 * The cameras that are to be watched, for whoever administers them over the API. What is stored here may not lead
 * everywhere: its record says how far, and the host is looked up before it is stored, so that whoever asks learns at
 * once. Each change is written to the audit trail before it is made, and once more when it then fails.
 */
final class CameraStore {
    private static final Logger log = LoggerFactory.getLogger(CameraStore.class);
    private static final String NONE = "there is no such camera";

    private final Optional<StoredCameras> stored;
    private final Reach reach;
    private final AuditTrail audit;

    /**
     * @param kafka without, there are no cameras to be stored
     * @param reach how far their connections may go
     */
    CameraStore(Optional<KafkaConnection> kafka, Reach reach, AuditTrail audit) {
        stored = kafka.map(servers -> new StoredCameras(servers.consumer(Map.of()), servers.producer(Map.of())));
        this.reach = reach;
        this.audit = audit;
    }

    private StoredCameras cameras() {
        return stored.orElseThrow(
                () -> new Problem(501, "this process has no Kafka: cameras are stored where 'paseo watch' runs"));
    }

    /** All of them, by id. */
    Answer list() {
        List<Map<String, @Nullable Object>> items = asked(() -> cameras().read()).values().stream()
                .map(entry -> json(entry.camera()))
                .toList();
        return Answer.json(Json.all(items));
    }

    /** Stores one, or changes one, which stays paused if it is. */
    synchronized Answer put(Call call) {
        StoredCameras cameras = cameras();
        Camera wished = camera(call);
        requireReachable(wished, call.actor());
        StoredCameras.Entry there = asked(() -> cameras.read()).get(wished.id());
        Camera camera = wished.withPaused(there != null && there.camera().paused());
        changed(call, "store camera", "at " + camera.redactedUrl(), () -> cameras.put(camera));
        return Answer.json(json(camera));
    }

    /** Pauses one, or ends that. */
    synchronized Answer pause(Call call, boolean paused) {
        StoredCameras cameras = cameras();
        Camera camera = entry(call).camera().withPaused(paused);
        changed(call, paused ? "pause camera" : "resume camera", "", () -> cameras.put(camera));
        return Answer.none();
    }

    /** Takes one off the list. */
    synchronized Answer remove(Call call) {
        StoredCameras cameras = cameras();
        String id = id(call);
        if (!asked(() -> cameras.knows(id))) {
            throw Problem.notFound(NONE);
        }
        changed(call, "remove camera", "", () -> cameras.remove(id));
        return Answer.none();
    }

    private static String id(Call call) {
        String id = call.text("camera");
        if (!Camera.isId(id)) {
            throw Problem.notFound(NONE);
        }
        return id;
    }

    private StoredCameras.Entry entry(Call call) {
        String id = id(call);
        return Optional.ofNullable(asked(() -> cameras().read()).get(id)).orElseThrow(() -> Problem.notFound(NONE));
    }

    private Camera camera(Call call) {
        JsonNode wish = call.json();
        try {
            return new Camera(
                    call.text("camera"),
                    wish.get("address").asText(),
                    wish.path("fps").asDouble(0),
                    wish.path("leastFace").asInt(0),
                    Optional.ofNullable(wish.get("region")).map(CameraStore::region),
                    wish.path("retentionSeconds").asLong(0),
                    false,
                    Optional.of(reach));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Region region(JsonNode sides) {
        return new Region(
                sides.get(0).asDouble(),
                sides.get(1).asDouble(),
                sides.get(2).asDouble(),
                sides.get(3).asDouble());
    }

    private void requireReachable(Camera camera, String actor) {
        String host = camera.host();
        try {
            reach.pin(host);
        } catch (UnknownHostException e) {
            throw new Problem(422, "nobody knows the host " + host);
        } catch (Reach.ForbiddenException e) {
            audit.append(actor, "store camera", "camera " + camera.id(), "refused: " + host + " " + e.getMessage());
            throw new Problem(
                    422,
                    host + " is at " + e.address().getHostAddress() + ", and " + host + " " + e.getMessage()
                            + ": start Paseo with --camera-networks and the network it is in, or add the camera with"
                            + " 'paseo cameras add'");
        }
    }

    private void changed(Call call, String action, String outcome, Runnable change) {
        String subject = "camera " + call.text("camera");
        audit.append(call.actor(), action, subject, outcome);
        try {
            asked(() -> {
                change.run();
                return true;
            });
        } catch (Problem e) {
            audit.append(call.actor(), action, subject, "failed: " + e.detail());
            throw e;
        }
    }

    /** Asks Kafka. */
    private interface Question<T> {
        T ask();
    }

    private static <T> T asked(Question<T> question) {
        try {
            return question.ask();
        } catch (KafkaException e) {
            log.warn("the stored cameras cannot be asked for or changed: {}", e.getMessage());
            throw new Problem(503, "Kafka does not answer as it should", Map.of("Retry-After", "2"));
        }
    }

    private static Map<String, @Nullable Object> json(Camera camera) {
        return Json.object(
                "camera", camera.id(),
                "address", camera.redactedUrl(),
                "confined", camera.reach().isPresent(),
                "fps", camera.fps() == 0 ? null : camera.fps(),
                "leastFace", camera.leastFace() == 0 ? null : camera.leastFace(),
                "region",
                        camera.region()
                                .map(part -> List.of(part.x(), part.y(), part.width(), part.height()))
                                .orElse(null),
                "retentionSeconds", camera.retentionSeconds() == 0 ? null : camera.retentionSeconds(),
                "paused", camera.paused());
    }
}
