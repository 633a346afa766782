package paseo.evaluation.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;

/** A broker that comes back on its port, and a PostgreSQL behind a valve. */
final class Servers implements AutoCloseable {
    private final Path directory;
    private EmbeddedPostgres postgres;
    private final Valve valve;
    private @Nullable EmbeddedKafka kafka;
    private int trials;

    Servers(Path directory) throws IOException {
        this.directory = directory;
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
    Trial next() throws IOException, SQLException {
        trials++;
        if (kafka != null) {
            kafka.close();
        }
        kafka = EmbeddedKafka.start(directory.resolve("kafka-" + trials));
        String database = "trial_" + trials;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return new Trial(
                kafka.bootstrapServers(),
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
    record Trial(String kafka, String postgres, String user, String password, String database) {}

    /** To a database, not through the valve. */
    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(postgres) + "/" + database, postgres.user(), postgres.password());
    }

    void stopKafka() {
        if (kafka != null) {
            kafka.close();
        }
    }

    void startKafka(String bootstrapServers) throws IOException {
        int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        kafka = EmbeddedKafka.start(directory.resolve("kafka-" + trials), port);
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
        stopKafka();
        valve.close();
        postgres.close();
    }
}
