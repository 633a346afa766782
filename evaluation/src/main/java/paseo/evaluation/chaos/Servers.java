package paseo.evaluation.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import paseo.embedded.EmbeddedPostgres;

/** Brokers that come back to their addresses, and a PostgreSQL behind a valve. */
final class Servers implements AutoCloseable {
    private final Path directory;
    private EmbeddedPostgres postgres;
    private final Valve valve;
    private final Brokers brokers;
    private int trials;

    Servers(Path directory, Brokers brokers) throws IOException {
        this.directory = directory;
        this.brokers = brokers;
        this.postgres = startPostgres();
        this.valve = new Valve(port(postgres));
    }

    private EmbeddedPostgres startPostgres() throws IOException {
        return EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")));
    }

    private static int port(EmbeddedPostgres server) {
        return URI.create(server.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    /** An empty broker and an empty database for the next trial. */
    Place next() throws IOException, SQLException {
        trials++;
        String kafka = brokers.start(directory.resolve("kafka-" + trials));
        String database = "trial_" + trials;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return new Place(
                kafka,
                "jdbc:postgresql://127.0.0.1:" + valve.port() + "/" + database,
                postgres.user(),
                postgres.password(),
                database);
    }

    /**
     * Where the services of a trial find their servers.
     *
     * @param kafka bootstrap servers
     * @param postgres through the valve
     */
    record Place(String kafka, String postgres, String user, String password, String database) {}

    /** To a database, not through the valve. */
    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(postgres) + "/" + database, postgres.user(), postgres.password());
    }

    /** The Kafka of all trials. */
    Brokers brokers() {
        return brokers;
    }

    /** Kills the server with all that it does and lets it recover. */
    void killPostgres() throws IOException {
        ProcessHandle.of(postgres.pid()).ifPresent(server -> {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        });
        postgres.close();
        postgres = startPostgres();
        valve.target(port(postgres));
        valve.open();
    }

    /** Nothing goes to PostgreSQL and nothing comes back. */
    void shutValve() {
        valve.shut();
    }

    void openValve() {
        valve.open();
    }

    @Override
    public void close() throws IOException {
        brokers.close();
        valve.close();
        postgres.close();
    }
}
