package paseo.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Services as processes of their own, each with a log file; what is left of them is killed at the end. */
final class ServiceProcesses implements AutoCloseable {
    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    ServiceProcesses(Path directory) {
        this.directory = directory;
    }

    Process start(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(main).toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path logFile(Class<?> main) {
        return directory.resolve(main.getPackageName() + ".log");
    }

    String log(Class<?> main) {
        try {
            return Files.readString(logFile(main));
        } catch (IOException e) {
            return e.toString();
        }
    }

    String logs() {
        return log(paseo.tracking.Main.class)
                + log(paseo.matching.Main.class)
                + log(paseo.inference.Main.class)
                + log(paseo.frames.Main.class);
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
