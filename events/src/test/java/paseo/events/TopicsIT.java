package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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

            set(admin, "sightings", "segment.ms", "172800000");
            awaitRefusal(admin, "topic sightings has segment.ms=172800000: set it to 86400000");
            set(admin, "sightings", "segment.ms", "3600000");
            awaitPrepared(admin);

            admin.createPartitions(Map.of("sequences", NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            awaitRefusal(admin, "topic sequences has 4 partitions where frames has 3: give them the same number");
        }
    }

    @Test
    @Tag("fault")
    @DisplayName("row 16: a topic that somebody else makes meanwhile is checked like any other")
    void checksWhatAnotherProcessMakesMeanwhile() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Admin slow = (Admin) Proxy.newProxyInstance(
                    TopicsIT.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("createTopics")) {
                            NewTopic other = new NewTopic("detections", Optional.of(3), Optional.empty());
                            admin.createTopics(List.of(other)).all().get();
                        }
                        return method.invoke(admin, arguments);
                    });
            assertThatThrownBy(() -> Topics.prepare(slow, 3))
                    .isInstanceOf(TopicMismatchException.class)
                    .hasMessageContaining("topic detections has segment.ms=");
        }
    }

    @Test
    void newTopicsTakeTheFirstRecordAtOnce() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            int partitions = Topics.prepare(admin, 20);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                for (Topic<?> topic : Topics.all()) {
                    sent.add(producer.send(new ProducerRecord<>(topic.name(), partition, new byte[1], new byte[1])));
                }
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
            assertThat(producer.metrics().values().stream()
                            .filter(metric -> metric.metricName().name().equals("record-retry-total")
                                    && metric.metricName().group().equals("producer-metrics")))
                    .singleElement()
                    .satisfies(
                            turnedAway -> assertThat(turnedAway.metricValue()).isEqualTo(0.0));
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

    private static void awaitPrepared(Admin admin) {
        Instant deadline = Instant.now().plusSeconds(30);
        while (true) {
            try {
                assertThat(Topics.prepare(admin, 3)).isEqualTo(3);
                return;
            } catch (TopicMismatchException e) {
                assertThat(Instant.now()).as(e.getMessage()).isBefore(deadline);
            }
        }
    }

    private static void set(Admin admin, String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }
}
