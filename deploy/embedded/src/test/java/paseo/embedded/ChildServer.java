package paseo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server in a JVM of its own, to be killed. */
final class ChildServer implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final String ready;

    private ChildServer(Process process, BufferedReader output, String ready) {
        this.process = process;
        this.output = output;
        this.ready = ready;
    }

    /** How a child is run: as whom, with which programs on its path, from which classes. */
    record Launch(List<String> prefix, String path, String classPath) {
        static Launch here() {
            return new Launch(List.of(), System.getenv("PATH"), System.getProperty("java.class.path"));
        }

        Launch onlyWith(Path programs) {
            return new Launch(prefix, programs.toString(), classPath);
        }

        /** What the PostgreSQL half needs, copied to where every user can read it. */
        Launch asNobody(Path readable) throws IOException {
            Path copies = Files.createDirectories(readable.resolve("classes"));
            List<String> copied = new ArrayList<>();
            for (String entry : classPath.split(":", -1)) {
                Path source = Path.of(entry);
                if (entry.contains("kafka")
                        || entry.contains("scala")
                        || entry.contains("arm64")
                        || !Files.exists(source)) {
                    continue;
                }
                Path copy = copies.resolve(copied.size() + "-" + source.getFileName());
                copyTree(source, copy);
                copied.add(copy.toString());
            }
            return new Launch(
                    List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
                    path,
                    String.join(":", copied));
        }
    }

    /** Starts it and waits until it is ready; what it prints instead is the message of the failure. */
    static ChildServer start(Launch launch, Path workingDirectory, String... arguments) throws IOException {
        Process process = launch(launch, workingDirectory, arguments);
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> printed = new ArrayList<>();
        for (String line; (line = output.readLine()) != null; ) {
            printed.add(line);
            if (line.startsWith("READY ")) {
                return new ChildServer(process, output, line.substring("READY ".length()));
            }
        }
        throw new AssertionError("the child did not start: " + String.join("\n", printed));
    }

    /** Runs it where it has to fail, and returns everything it printed. */
    static String failure(Launch launch, Path workingDirectory, String... arguments)
            throws IOException, InterruptedException {
        Process process = launch(launch, workingDirectory, arguments);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String printed = output.lines().collect(Collectors.joining("\n"));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(printed).isEqualTo(1);
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(Launch launch, Path workingDirectory, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(launch.prefix());
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-cp",
                launch.classPath(),
                EmbeddedServers.class.getName()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", launch.path());
        return builder.start();
    }

    /** What it printed after READY. */
    String ready() {
        return ready;
    }

    /** Ends it like {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void copyTree(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
