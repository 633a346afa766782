package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import paseo.operations.KafkaConnection;

class KafkaClientsTest {
    @Test
    void camerasAreAnothersWhenTheGroupsSessionIsOver() {
        KafkaConnection kafka = KafkaConnection.of("localhost:1");
        assertThat(KafkaClients.cameraSession(kafka)).isEqualTo(Duration.ofSeconds(6));
        assertThat(KafkaClients.cameraSession(kafka.with(Map.of("session.timeout.ms", " 20000"))))
                .isEqualTo(Duration.ofSeconds(20));
    }
}
