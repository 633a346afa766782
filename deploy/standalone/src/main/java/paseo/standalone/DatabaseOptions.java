package paseo.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import paseo.matching.DatabaseSettings;
import picocli.CommandLine.Option;

/** The options that say which PostgreSQL is used. */
final class DatabaseOptions {
    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description = "A PostgreSQL with pgvector to use in place of the embedded one:"
                    + " postgresql://USER@HOST:PORT/DATABASE; the password is taken from PGPASSWORD or the URL.")
    private @Nullable String postgres;

    @Option(
            names = "--pgvector",
            paramLabel = "DIR",
            description = "pgvector built for PostgreSQL 17 (vector.so, vector.control, vector--*.sql), for the"
                    + " embedded PostgreSQL. Otherwise the system's is used, or it is built once.")
    private @Nullable Path pgvector;

    /** @throws Refusal if it is not the address of a PostgreSQL database */
    Optional<DatabaseSettings> postgres() {
        return Optional.ofNullable(postgres).map(url -> DatabaseAddress.parse(url, System.getenv()));
    }

    Optional<Path> pgvector() {
        return Optional.ofNullable(pgvector);
    }
}
