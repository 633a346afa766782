package paseo.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.matching.DatabaseSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that put a Kafka or PostgreSQL of the user's in the place of the embedded one. */
final class ServerOptions {
    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "A Kafka to use in place of the embedded one.")
    private @Nullable String kafka;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    Optional<String> kafka() {
        return Optional.ofNullable(kafka);
    }

    /** @throws Refusal if it is not the address of a PostgreSQL database */
    Optional<DatabaseSettings> postgres() {
        return database.postgres();
    }

    Optional<Path> pgvector() {
        return database.pgvector();
    }
}
