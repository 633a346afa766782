package paseo.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {
    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"s3cret\";";

    @Command(name = "service")
    static final class Service implements Runnable {
        @Mixin
        private KafkaOptions options = new KafkaOptions();

        @Override
        public void run() {}
    }

    @Test
    void commandLineCountsOverFileAndFileOverEnvironment(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("client.properties"), "sasl.mechanism=PLAIN\nfetch.max.bytes=2\nclient.rack=b\n");
        KafkaConnection connection = parse("--kafka-config", file.toString(), "--kafka.client.rack=c")
                .to(
                        "host:1",
                        Map.of(
                                "PASEO_KAFKA_FETCH_MAX_BYTES", "1",
                                "PASEO_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                                "PASEO_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:1",
                                "PASEO_POSTGRES_USER", "not ours"));
        assertThat(connection.consumer(Map.of("group.id", "g")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "bootstrap.servers", "host:1",
                        "group.id", "g",
                        "sasl.mechanism", "PLAIN",
                        "fetch.max.bytes", "2",
                        "security.protocol", "SASL_SSL",
                        "client.rack", "c"));
    }

    @Test
    void aValueMayHaveEqualSignsAndQuotes() {
        KafkaConnection connection = parse("--kafka.sasl.jaas.config=" + JAAS).to("host:1", Map.of());
        assertThat(connection.producer(Map.of())).containsEntry("sasl.jaas.config", JAAS);
    }

    @Test
    void eachClientGetsWhatItKnows() {
        KafkaConnection connection = parse(
                        "--kafka.compression.type=zstd",
                        "--kafka.fetch.max.bytes=7",
                        "--kafka.num.standby.replicas=1",
                        "--kafka.config.providers=file")
                .to("host:1", Map.of());
        assertThat(connection.admin(Map.of())).containsOnlyKeys("bootstrap.servers", "config.providers");
        assertThat(connection.consumer(Map.of()))
                .containsOnlyKeys("bootstrap.servers", "config.providers", "fetch.max.bytes");
        assertThat(connection.producer(Map.of("compression.type", "none")))
                .containsOnlyKeys("bootstrap.servers", "config.providers", "compression.type")
                .containsEntry("compression.type", "zstd");
        assertThat(connection.streams(Map.of())).hasSize(5).containsEntry("num.standby.replicas", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acks",
                "auto.offset.reset",
                "bootstrap.servers",
                "delivery.timeout.ms",
                "enable.auto.commit",
                "enable.idempotence",
                "group.id",
                "isolation.level",
                "max.request.size",
                "processing.guarantee",
                "transactional.id"
            })
    void whatGuaranteesRestOnIsRefused(String name) {
        KafkaOptions options = parse("--kafka." + name + "=hidden");
        assertThatThrownBy(() -> options.to("host:1", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining("hidden");
    }

    @Test
    void aMisspeltSettingIsRefusedWithoutItsValue() {
        KafkaOptions options = parse("--kafka.sasl.jaas.conf=" + JAAS);
        assertThatThrownBy(() -> options.to("host:1", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sasl.jaas.conf")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        KafkaOptions options = parse("--kafka-config", "/nowhere/client.properties");
        assertThatThrownBy(() -> options.to("host:1", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere/client.properties");
    }

    @Test
    void secretsAreNotPrinted() {
        KafkaConnection connection = parse("--kafka.sasl.jaas.config=" + JAAS)
                .to("host:1", Map.of("PASEO_KAFKA_SSL_KEY_PASSWORD", "s3cret"));
        assertThat(connection).hasToString("host:1 with [sasl.jaas.config, ssl.key.password]");
    }

    /** Whoever types a space must not read the secret again among what is unknown. */
    @Test
    void aValueMayFollowAfterASpace() {
        KafkaConnection connection = parse("--kafka.sasl.jaas.config", JAAS, "--kafka.client.rack", "c")
                .to("host:1", Map.of());
        assertThat(connection.producer(Map.of())).containsEntry("sasl.jaas.config", JAAS);
        assertThat(connection.consumer(Map.of())).containsEntry("client.rack", "c");
        assertThat(List.of(KafkaOptions.expand("--kafka.a.b", "c", "--kafka.d", "--kafka", "e:1")))
                .containsExactly("--kafka.NAME=a.b=c", "--kafka.d", "--kafka", "e:1");
    }

    @Test
    void helpNamesTheFormToWrite() {
        assertThat(new CommandLine(new Service()).getUsageMessage())
                .contains("--kafka.NAME=VALUE", "--kafka-config=FILE");
        assertThat(List.of(KafkaOptions.expand("--kafka", "a:1", "--kafka.a.b=c=d", "--kafka.x")))
                .containsExactly("--kafka", "a:1", "--kafka.NAME=a.b=c=d", "--kafka.x");
    }

    private static KafkaOptions parse(String... arguments) {
        Service service = new Service();
        new CommandLine(service).parseArgs(KafkaOptions.expand(arguments));
        return service.options;
    }
}
