package paseo.standalone;

import java.nio.file.Path;
import java.util.Map;
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
            names = "--keys-postgres",
            paramLabel = "URL",
            description =
                    "Where the keys are with which templates and pictures in --postgres are sealed; the password is"
                            + " taken from the URL, else it is the one of --postgres (default: DATABASE_keys on the same server,"
                            + " which is made).")
    private @Nullable String keys;

    @Option(
            names = "--pgvector",
            paramLabel = "DIR",
            description = "pgvector built for PostgreSQL 17 (vector.so, vector.control, vector--*.sql), for the"
                    + " embedded PostgreSQL (default: environment variable PASEO_PGVECTOR, else the system's, else it is"
                    + " built once).")
    private @Nullable Path pgvector;

    /** @throws Refusal if it is not the address of a PostgreSQL database */
    Optional<DatabaseSettings> postgres() {
        if (keys != null && postgres == null) {
            throw Refusal.usage("--keys-postgres needs --postgres: the embedded one has its keys beside it");
        }
        return Optional.ofNullable(postgres)
                .map(url -> DatabaseAddress.parse("--postgres", url, System.getenv()))
                .map(settings -> keys == null
                        ? settings
                        : settings.withKeys(DatabaseAddress.parse(
                                "--keys-postgres",
                                keys,
                                Map.of("PGUSER", settings.user(), "PGPASSWORD", settings.password()))));
    }

    Optional<Path> pgvector() {
        return Optional.ofNullable(pgvector);
    }
}
