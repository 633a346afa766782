package paseo.matching;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/** Brings the tables up to date, and refuses a database that cannot hold them. */
final class Schema {
    private static final String MIGRATIONS = "classpath:paseo/matching/schema";
    /** 0.7 brought halfvec; 0.8 the iterative scan and the planner's costs that a filtered search needs. */
    private static final int[] OLDEST_PGVECTOR = {0, 8};

    private Schema() {}

    private record Pgvector(
            @Nullable String available, @Nullable String installed) {}

    static void prepare(DataSource source, DatabaseSettings settings) {
        checkPgvector(source, settings);
        Flyway flyway =
                Flyway.configure().dataSource(source).locations(MIGRATIONS).load();
        try {
            refuseLaterSchema(flyway, settings);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new UnusableDatabaseException(
                    false, "cannot prepare the tables in " + settings.address() + ": " + firstLine(e), e);
        }
    }

    private static void checkPgvector(DataSource source, DatabaseSettings settings) {
        Optional<Pgvector> found;
        try (Connection connection = source.getConnection()) {
            found = Sql.first(
                    connection,
                    "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'",
                    row -> new Pgvector(row.getString(1), row.getString(2)));
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    true, "cannot reach PostgreSQL at " + settings.address() + ": " + firstLine(e), e);
        }
        Pgvector pgvector = found.orElseThrow(() -> new UnusableDatabaseException(
                false,
                "the PostgreSQL at " + settings.address()
                        + " has no pgvector: install its extension \"vector\", version 0.8 or later",
                null));
        if (pgvector.installed != null && older(pgvector.installed)) {
            throw new UnusableDatabaseException(
                    false,
                    "the database " + settings.address() + " has pgvector " + pgvector.installed
                            + " where 0.8 or later is needed: install a later one and run ALTER EXTENSION vector UPDATE",
                    null);
        }
        if (pgvector.installed == null && pgvector.available != null && older(pgvector.available)) {
            throw new UnusableDatabaseException(
                    false,
                    "the PostgreSQL at " + settings.address() + " offers pgvector " + pgvector.available
                            + ": install 0.8 or later",
                    null);
        }
    }

    static boolean older(String version) {
        int[] numbers = Arrays.stream(version.split("[^0-9]+", -1))
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        return Arrays.compare(numbers, OLDEST_PGVECTOR) < 0;
    }

    private static void refuseLaterSchema(Flyway flyway, DatabaseSettings settings) {
        for (MigrationInfo migration : flyway.info().applied()) {
            if (migration.getState().isApplied() && !migration.getState().isResolved()) {
                throw new UnusableDatabaseException(
                        false,
                        "the tables in " + settings.address() + " are of version " + migration.getVersion()
                                + ", made by a later Paseo: use that one, or another database",
                        null);
            }
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.strip().lines().findFirst().orElse("no reason given");
    }
}
