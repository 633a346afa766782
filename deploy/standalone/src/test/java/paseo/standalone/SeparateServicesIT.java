package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.embedded.EmbeddedKafka;
import paseo.embedded.EmbeddedPostgres;
import paseo.matching.Archive;
import paseo.matching.DatabaseSettings;
import paseo.matching.SessionState;
import paseo.testing.Assets;

/** The four services as four processes, over a Kafka and a PostgreSQL that are none of theirs, as the README has it. */
@Tag("e2e")
class SeparateServicesIT {
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    /** What a JVM says that was ended by SIGTERM. */
    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void fourProcessesFindTheFourPeople() throws Exception {
        Path video = Assets.require("videos/intel_reid_a.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Path videos = Files.createDirectories(directory.resolve("videos"));
        Files.copy(video, videos.resolve("intel_reid_a.mp4"));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(EmbeddedPostgres.Options.of(directory.resolve("postgres")))) {
            String broker = kafka.bootstrapServers();
            List<Process> services = List.of(
                    start(
                            paseo.tracking.Main.class,
                            Map.of(),
                            "--kafka",
                            broker,
                            "--state-dir",
                            directory.resolve("tracker").toString()),
                    start(
                            paseo.matching.Main.class,
                            Map.of(
                                    "PASEO_POSTGRES_USER", postgres.user(),
                                    "PASEO_POSTGRES_PASSWORD", postgres.password()),
                            "--kafka",
                            broker,
                            "--postgres",
                            postgres.jdbcUrl()),
                    start(paseo.inference.Main.class, Map.of(), "--kafka", broker));
            Process producer = start(paseo.frames.Main.class, Map.of(), "--kafka", broker, videos.toString());
            assertThat(producer.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "the files were published in time: " + logs())
                    .isTrue();
            assertThat(producer.exitValue()).as(log(paseo.frames.Main.class)).isZero();

            DatabaseSettings database = new DatabaseSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
            SessionState session = awaitEnd(database, services);
            assertThat(session.complete()).isTrue();
            assertThat(session.frames()).isEqualTo(frames(log(paseo.frames.Main.class)));
            assertThat(session.persons()).isEqualTo(4);

            services.forEach(Process::destroy);
            for (Process service : services) {
                assertThat(service.waitFor(1, TimeUnit.MINUTES))
                        .as("stopped in time")
                        .isTrue();
                assertThat(service.exitValue()).isEqualTo(TERMINATED);
            }
        }
    }

    /** The session's state once everything of it is decided and told; fails as soon as a service has ended. */
    private SessionState awaitEnd(DatabaseSettings settings, List<Process> services) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try (Archive archive = Archive.open(settings);
                Connection connection =
                        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password())) {
            while (true) {
                Optional<SessionState> state = session(archive, connection);
                if (state.isPresent() && state.get().finished()) {
                    return state.get();
                }
                assertThat(System.nanoTime()).as("decided in time: %s", state).isLessThan(deadline);
                for (Process service : services) {
                    assertThat(service.waitFor(100, TimeUnit.MILLISECONDS))
                            .as(() -> "a service ended: " + logs())
                            .isFalse();
                }
            }
        }
    }

    private static Optional<SessionState> session(Archive archive, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT camera, epoch FROM camera_session")) {
            return row.next() ? Optional.of(archive.session(row.getString(1), row.getLong(2))) : Optional.empty();
        }
    }

    private Process start(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logFile(main).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path logFile(Class<?> main) {
        return directory.resolve(main.getPackageName() + ".log");
    }

    private String log(Class<?> main) throws IOException {
        return Files.readString(logFile(main));
    }

    private String logs() {
        try {
            return log(paseo.tracking.Main.class)
                    + log(paseo.matching.Main.class)
                    + log(paseo.inference.Main.class)
                    + log(paseo.frames.Main.class);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** From the producer's last line, {@code NAME: done, N frames read, N published}. */
    private static long frames(String said) {
        String read = said.replaceFirst("(?s).*: done, (\\d+) frames read, \\1 published.*", "$1");
        return Long.parseLong(read);
    }
}
