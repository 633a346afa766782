import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints who passes as lines of JSON, from Paseo's topic sightings. Needs Kafka's client on its class path:
 *
 * <pre>java -cp 'kafka-clients.jar:slf4j-api.jar' SightingsTopic.java HOST:9092 [--all]</pre>
 *
 * With --all: what is there, from the beginning; otherwise what comes from now on, for ever. A record without a value
 * says that its sequence was erased.
 */
public final class SightingsTopic {
    private SightingsTopic() {}

    public static void main(String[] arguments) {
        boolean all = arguments.length > 1 && arguments[1].equals("--all");
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", arguments[0], "isolation.level", "read_committed", "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("sightings").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            if (all) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!all || partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    // CloudEvents: a record that is sent again has the same id.
                    var id = record.headers().lastHeader("ce_id");
                    System.out.println(
                            record.value() == null
                                    ? "{\"erased\":\"" + record.key() + "\"}"
                                    : record.value() + (id == null ? "" : "\t" + new String(id.value(), StandardCharsets.UTF_8)));
                }
            }
        }
    }
}
