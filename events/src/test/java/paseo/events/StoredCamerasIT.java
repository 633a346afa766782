package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;

class StoredCamerasIT {
    @TempDir
    private Path directory;

    @Test
    @Tag("fault")
    @DisplayName("row 21: a camera under another's key is no camera, and can be removed")
    void whatHasAnothersKeyIsNoCamera() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.prepare(admin, 2);
            Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
            StoredCameras cameras = new StoredCameras(settings, settings);
            Camera gate = new Camera("gate", "rtsp://10.0.0.6/1", 0, 0, Optional.empty(), 0, false);
            cameras.put(gate);
            byte[] bytes = Topics.CAMERAS.codec().encode(gate);
            try (KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(Topics.CAMERAS.name(), 0, "yard", bytes))
                        .get();
            }

            assertThat(cameras.read()).containsOnlyKeys("gate");
            assertThat(cameras.knows("yard")).isTrue();
            assertThat(cameras.remove("yard")).isTrue();
            assertThat(cameras.knows("yard")).isFalse();
            assertThat(cameras.read()).containsOnlyKeys("gate");
        }
    }
}
