package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;

class TopicsIT {
    @TempDir
    private Path directory;

    @Test
    @Tag("fault")
    @DisplayName("row 16: topics with other settings or partitions are refused, with what to change")
    void createsOnceAndRefusesWhatDoesNotFit() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(Topics.prepare(admin, 3)).isEqualTo(3);
            assertThat(Topics.prepare(admin, 8)).as("existing topics are kept").isEqualTo(3);

            set(admin, "detections", "retention.ms", "1000");
            awaitRefusal(admin, "topic detections has retention.ms=1000: set it to 604800000");
            set(admin, "detections", "retention.ms", "604800000");

            admin.createPartitions(Map.of("sequences", NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            awaitRefusal(admin, "topic sequences has 4 partitions where frames has 3: give them the same number");
        }
    }

    /** A broker learns of a change a moment after the controller has made it. */
    private static void awaitRefusal(Admin admin, String message) {
        Instant deadline = Instant.now().plusSeconds(30);
        String refusal = "";
        while (!refusal.equals(message) && Instant.now().isBefore(deadline)) {
            try {
                Topics.prepare(admin, 3);
            } catch (TopicMismatchException e) {
                refusal = String.valueOf(e.getMessage());
            }
        }
        assertThat(refusal).isEqualTo(message);
    }

    private static void set(Admin admin, String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }
}
