package paseo.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.matching.DatabaseSettings;
import paseo.operations.KafkaConnection;
import paseo.operations.KafkaOptions;
import paseo.operations.Management;
import paseo.operations.ManagementOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that put a Kafka or PostgreSQL of the user's in the place of the embedded one. */
final class ServerOptions {
    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "A Kafka to use in place of the embedded one.")
    private @Nullable String kafka;

    @Mixin
    private KafkaOptions kafkaOptions = new KafkaOptions();

    @Mixin
    private ManagementOptions management = new ManagementOptions();

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    /** @throws Refusal if a setting of it is refused */
    Optional<KafkaConnection> kafka() {
        return connection(kafka, kafkaOptions);
    }

    static Optional<KafkaConnection> connection(@Nullable String address, KafkaOptions options) {
        try {
            return Optional.ofNullable(address).map(options::to);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(String.valueOf(e.getMessage()));
        }
    }

    /** @throws Refusal if it is not the address of a PostgreSQL database */
    Optional<DatabaseSettings> postgres() {
        return database.postgres();
    }

    /**
     * Begins to show how the services are, where that was asked for.
     *
     * @throws Refusal if nobody can listen there
     */
    Management management() {
        try {
            return management.open();
        } catch (IllegalArgumentException e) {
            throw Refusal.usage(String.valueOf(e.getMessage()));
        }
    }

    Optional<Path> pgvector() {
        return database.pgvector();
    }
}
