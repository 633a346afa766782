package paseo.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import paseo.embedded.EmbeddedFailure;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;
import paseo.events.TopicMismatchException;
import paseo.events.Topics;
import paseo.matching.DatabaseSettings;
import paseo.operations.KafkaConnection;

/** Kafka and PostgreSQL for a command: embedded ones on the data directory, or the user's. */
final class Servers implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final int REACH_MILLIS = 10_000;

    private final @Nullable EmbeddedKafka embeddedKafka;
    private final @Nullable EmbeddedPostgres embeddedPostgres;
    private final KafkaConnection kafka;
    private final DatabaseSettings database;

    private Servers(
            @Nullable EmbeddedKafka embeddedKafka,
            @Nullable EmbeddedPostgres embeddedPostgres,
            KafkaConnection kafka,
            DatabaseSettings database) {
        this.embeddedKafka = embeddedKafka;
        this.embeddedPostgres = embeddedPostgres;
        this.kafka = kafka;
        this.database = database;
    }

    /**
     * Starts what the user has not got, both at once, and makes the topics.
     *
     * @param kafka the user's, if any
     * @param postgres the user's, if any
     * @param pgvector for the embedded PostgreSQL
     * @param notes told in a line what takes long
     * @throws Refusal if one does not start or answer
     */
    static Servers start(
            DataDirectory data,
            Optional<KafkaConnection> kafka,
            Optional<DatabaseSettings> postgres,
            Optional<Path> pgvector,
            Consumer<String> notes) {
        notes.accept(starting(kafka.isPresent(), postgres.isPresent()));
        CompletableFuture<Optional<EmbeddedKafka>> starting =
                CompletableFuture.supplyAsync(() -> kafka.isPresent() ? Optional.empty() : Optional.of(kafkaIn(data)));
        EmbeddedPostgres embeddedPostgres = null;
        try {
            embeddedPostgres = postgres.isPresent() ? null : postgresIn(data, pgvector, notes);
            EmbeddedKafka embeddedKafka = join(starting).orElse(null);
            Servers servers = new Servers(
                    embeddedKafka,
                    embeddedPostgres,
                    embeddedKafka == null ? kafka.orElseThrow() : KafkaConnection.of(embeddedKafka.bootstrapServers()),
                    embeddedPostgres == null ? postgres.orElseThrow() : settings(embeddedPostgres));
            prepareTopics(
                    servers.kafka(),
                    kafka.isPresent() ? "--kafka " + kafka.get().bootstrapServers() : "the embedded Kafka",
                    PARTITIONS);
            if (kafka.isPresent() && postgres.isEmpty()) {
                data.noteOtherKafka();
            }
            return servers;
        } catch (RuntimeException e) {
            close(embeddedPostgres);
            starting.thenAccept(started -> started.ifPresent(EmbeddedKafka::close))
                    .exceptionally(alreadyTold -> null)
                    .join();
            throw e;
        }
    }

    private static String starting(boolean usersKafka, boolean usersPostgres) {
        if (usersKafka) {
            return usersPostgres ? "connecting to Kafka and PostgreSQL" : "starting PostgreSQL";
        }
        return usersPostgres ? "starting Kafka" : "starting Kafka and PostgreSQL";
    }

    private static Optional<EmbeddedKafka> join(CompletableFuture<Optional<EmbeddedKafka>> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** An embedded Kafka alone. */
    static EmbeddedKafka kafkaIn(DataDirectory data) {
        try {
            return EmbeddedKafka.start(data.kafka());
        } catch (EmbeddedFailure e) {
            throw Refusal.atStart(e);
        }
    }

    /** The same with some of the broker's settings changed. */
    static EmbeddedKafka kafkaIn(DataDirectory data, Map<String, String> changes) {
        try {
            return EmbeddedKafka.start(data.kafka(), changes);
        } catch (EmbeddedFailure e) {
            throw Refusal.atStart(e);
        }
    }

    /** An embedded PostgreSQL alone. */
    static EmbeddedPostgres postgresIn(DataDirectory data, Optional<Path> pgvector, Consumer<String> notes) {
        try {
            return EmbeddedPostgres.start(new EmbeddedPostgres.Options(
                    data.database(), EmbeddedPostgres.defaultInstallDirectory(), pgvector, notes));
        } catch (EmbeddedFailure e) {
            throw Refusal.atStart(e);
        }
    }

    /** What connects to an embedded PostgreSQL. */
    static DatabaseSettings settings(EmbeddedPostgres postgres) {
        return new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /** @throws Refusal if Kafka cannot be reached or its topics do not fit */
    static void prepareTopics(KafkaConnection kafka, String name, int partitions) {
        try (Admin admin = Admin.create(kafka.admin(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                REACH_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REACH_MILLIS / 2)))) {
            Topics.prepare(admin, partitions);
        } catch (TopicMismatchException e) {
            throw Refusal.atStart(e);
        } catch (KafkaException e) {
            throw Refusal.atStart(
                    "cannot use " + name + " (" + reason(e) + "): is it running, and is its address right?", e);
        }
    }

    /** Kafka wraps what a user can understand, and says of a broker that is away that a node was not assigned. */
    private static String reason(KafkaException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof TimeoutException
                ? "no answer within " + REACH_MILLIS / 1000 + " s"
                : String.valueOf(root.getMessage());
    }

    /** What Kafka's clients connect to, and how. */
    KafkaConnection kafka() {
        return kafka;
    }

    /** How many partitions topics are made with. */
    int partitions() {
        return PARTITIONS;
    }

    /** What the matcher connects to. */
    DatabaseSettings database() {
        return database;
    }

    /** Asks to be told when an embedded server gives up; the listener must not close the servers itself. */
    void onFailure(Consumer<String> listener) {
        if (embeddedKafka != null) {
            embeddedKafka.onFailure(listener);
        }
        if (embeddedPostgres != null) {
            embeddedPostgres.onFailure(listener);
        }
    }

    @Override
    public void close() {
        try {
            close(embeddedKafka);
        } finally {
            close(embeddedPostgres);
        }
    }

    private static void close(@Nullable EmbeddedKafka kafka) {
        if (kafka != null) {
            kafka.close();
        }
    }

    private static void close(@Nullable EmbeddedPostgres postgres) {
        if (postgres != null) {
            postgres.close();
        }
    }
}
