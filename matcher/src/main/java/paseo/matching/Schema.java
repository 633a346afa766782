package paseo.matching;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables up to date, and refuses a database that cannot hold them. Tables of a later program are worked on
 * where they say that this one may: that is how the processes of a deployment are replaced one after the other.
 */
final class Schema {
    private static final Logger log = LoggerFactory.getLogger(Schema.class);

    private static final String MIGRATIONS = "classpath:paseo/matching/schema";
    /** 0.7 brought halfvec; 0.8 the iterative scan and the planner's costs that a filtered search needs. */
    private static final int[] OLDEST_PGVECTOR = {0, 8};

    private Schema() {}

    private record Pgvector(
            @Nullable String available, @Nullable String installed) {}

    static void prepare(DataSource source, DatabaseSettings settings) {
        checkPgvector(source, settings);
        try (Connection connection = source.getConnection()) {
            FluentConfiguration configuration =
                    Flyway.configure().dataSource(always(connection)).locations(MIGRATIONS);
            // A lock of the transaction would end with the first migration.
            configuration
                    .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                    .setTransactionalLock(false);
            Flyway flyway = configuration.load();
            if (!later(flyway, source, settings)) {
                flyway.migrate();
            }
        } catch (FlywayException e) {
            throw unprepared(SqlFaults.passing(e), settings, e);
        } catch (SQLException e) {
            throw unprepared(SqlFaults.passing(e), settings, e);
        }
    }

    private static UnusableDatabaseException unprepared(boolean passing, DatabaseSettings settings, Exception e) {
        return new UnusableDatabaseException(
                passing, "cannot prepare the tables in " + settings.address() + ": " + firstLine(e), e);
    }

    /**
     * Gives out one connection again and again. On two of them Flyway commits a migration on one and that it was
     * applied on the other: whoever was killed in between left tables that nobody could prepare any more.
     */
    private static DataSource always(Connection connection) {
        Connection lasting = (Connection) Proxy.newProxyInstance(
                Schema.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return (DataSource) Proxy.newProxyInstance(
                Schema.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return lasting;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
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

    /**
     * Whether a later Paseo has brought the tables up to date, in a way that this one can live with.
     *
     * @throws UnusableDatabaseException if it cannot
     */
    private static boolean later(Flyway flyway, DataSource source, DatabaseSettings settings) {
        Optional<MigrationInfo> unknown = Arrays.stream(flyway.info().applied())
                .filter(migration -> migration.getState().isApplied()
                        && !migration.getState().isResolved())
                .reduce((earlier, last) -> last);
        if (unknown.isEmpty()) {
            return false;
        }
        int own = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().isResolved())
                .mapToInt(migration -> migration.getVersion().getMajor().intValueExact())
                .max()
                .orElseThrow();
        if (own < oldestProgram(source, settings)) {
            throw new UnusableDatabaseException(
                    false,
                    "the tables in " + settings.address() + " are of version "
                            + unknown.get().getVersion() + ", made by a later Paseo: use that one, or another database",
                    null);
        }
        log.warn(
                "the tables in {} are of version {}, made by a later Paseo, and this one knows {}: replace it soon",
                settings.address(),
                unknown.get().getVersion(),
                own);
        return true;
    }

    private static int oldestProgram(DataSource source, DatabaseSettings settings) {
        try (Connection connection = source.getConnection()) {
            return Sql.one(connection, "SELECT oldest_program FROM compatibility", row -> row.getInt(1));
        } catch (SQLException e) {
            throw new UnusableDatabaseException(
                    SqlFaults.passing(e),
                    "cannot read in " + settings.address() + " who can work on its tables: " + firstLine(e),
                    e);
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.strip().lines().findFirst().orElse("no reason given");
    }
}
