package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;
import paseo.events.Topics;
import paseo.matching.api.Listeners;

/** The programs of {@code deploy/examples} beside a matcher that has seen two people and erased one of them. */
@Timeout(300)
@ExtendWith(ServersExtension.class)
class ExamplesIT {
    private static final Path EXAMPLES =
            Path.of(Optional.ofNullable(System.getenv("PASEO_ROOT")).orElse(".."), "deploy", "examples");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** Debian's own, which finds Debian's client, whatever else is on the path. */
    private static final String PYTHON =
            Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";

    private final Servers servers;
    private RunningApi api;
    private UUID erased = new UUID(0, 0);

    ExamplesIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void start() throws Exception {
        servers.renew();
        api = RunningApi.on(servers);
        try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
            Recording recording = new Recording("door");
            recording.walk(1, 5);
            erased = recording.walk(2, 5);
            servers.send(recording.end(), 0);
            servers.awaitIdle();
            api.client().ask("DELETE", "/v1/persons/2");
            Servers.await(() -> sightings().contains(null));
            assertThat(matcher.running()).isTrue();
        }
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private List<Object> sightings() {
        try {
            List<Object> values = new ArrayList<>();
            servers.records(Topics.SIGHTINGS).forEach(record -> values.add(record.value()));
            return values;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void pythonReadsTheTopic() throws IOException, InterruptedException {
        if (run(List.of(PYTHON, "-c", "import confluent_kafka")).code != 0) {
            throw new TestAbortedException("no Python with Kafka's client: apt install python3-confluent-kafka");
        }
        Ended ended = run(List.of(PYTHON, example("sightings_topic.py"), servers.bootstrapServers(), "--all"));
        assertThat(ended.code).as(ended.said).isZero();
        assertThat(ended.said.lines())
                .anyMatch(line -> line.matches("person 1 +new +door\\.mp4 0\\.0-\\d\\.\\d"))
                .contains(erased + " is erased");
    }

    @Test
    void javaReadsTheTopic() throws IOException, InterruptedException {
        Ended ended = run(List.of(
                JAVA,
                "-cp",
                System.getProperty("java.class.path"),
                example("SightingsTopic.java"),
                servers.bootstrapServers(),
                "--all"));
        assertThat(ended.code).as(ended.said).isZero();
        assertThat(ended.said.lines())
                .anyMatch(line -> line.startsWith("{\"sequenceId\":") && line.contains("\"person\":1"))
                .contains("{\"erased\":\"" + erased + "\"}");
    }

    @Test
    void bothListenToTheApi() throws Exception {
        if (run(List.of(PYTHON, "--version")).code != 0) {
            throw new TestAbortedException("no Python: apt install python3");
        }
        try (Listening python = new Listening(List.of(PYTHON, example("sightings.py"), address()));
                Listening java = new Listening(List.of(JAVA, example("Sightings.java"), address()))) {
            Servers.await(() -> listeners() == 2);
            try (Matcher matcher = servers.startMatcher(new SimpleMeterRegistry())) {
                Recording recording = new Recording("lift");
                recording.walk(1, 6);
                servers.send(recording.end(), 1);
                assertThat(python.until("recognised")).startsWith("person 1").contains("lift");
                assertThat(java.until("\"RECOGNISED\"")).startsWith("{\"sequenceId\":");
                assertThat(matcher.running()).isTrue();
            }
        }
    }

    private int listeners() {
        return Listeners.of(api.server());
    }

    private String address() {
        return api.server().address().toString();
    }

    private static String example(String name) {
        Path file = EXAMPLES.resolve(name);
        assertThat(file).isRegularFile();
        return file.toString();
    }

    private record Ended(int code, String said) {}

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("example", ".txt");
        try {
            Process process;
            try {
                process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
            } catch (IOException e) {
                return new Ended(-1, String.valueOf(e.getMessage()));
            }
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            process.destroyForcibly();
            return new Ended(ended ? process.exitValue() : -1, Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** A program that listens until it is stopped. */
    private final class Listening implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;

        Listening(List<String> command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("PASEO_TOKEN", api.secret());
            process = builder.start();
            lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The first line that has something in it. */
        String until(String what) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.contains(what)) {
                line = lines.readLine();
            }
            assertThat(line).as("a line with %s", what).isNotNull();
            return line;
        }

        @Override
        public void close() throws IOException {
            process.destroy();
            lines.close();
        }
    }
}
