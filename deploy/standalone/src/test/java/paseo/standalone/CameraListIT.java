package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.events.Camera;
import paseo.events.StoredCameras;
import paseo.operations.KafkaConnection;

class CameraListIT {
    private static final Camera DOOR = new Camera("door", "rtsp://10.0.0.5/1", 0, 0, Optional.empty(), 0, false);

    @TempDir
    Path directory;

    @Test
    void aCameraThatIsChangedStaysPaused() {
        try (DataDirectory data = DataDirectory.open(directory);
                EmbeddedKafka kafka = Servers.kafkaIn(data)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            Servers.prepareTopics(connection, "the embedded Kafka", 4);
            CameraList cameras = new CameraList(connection);
            assertThat(cameras.store(DOOR).paused()).isFalse();

            cameras.put(DOOR.withPaused(true));
            Camera slower = new Camera("door", DOOR.url(), 2, 0, Optional.empty(), 0, false);
            assertThat(cameras.store(slower)).isEqualTo(slower.withPaused(true));
            assertThat(cameras.read().values())
                    .extracting(StoredCameras.Entry::camera)
                    .containsExactly(slower.withPaused(true));
        }
    }
}
