package paseo.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program run to its end, with its output (both streams) as text and a limit on its time. */
record Command(List<String> line, Path directory, Map<String, String> environment, String input, Duration limit) {

    /** What a program printed and how it ended; {@code status} is {@link #TIMED_OUT} when it was cut off. */
    record Ended(int status, String output) {
        static final int TIMED_OUT = -1;

        /** As apt, PostgreSQL and C compilers begin an error. */
        private static final Pattern ERROR = Pattern.compile("^E: |\\berror: |\\b(ERROR|FATAL|PANIC): ");

        boolean succeeded() {
            return status == 0;
        }

        /** The line that says what went wrong, for messages of one line: the first error, else the last line. */
        String complaint() {
            String error = "";
            String last = "it printed nothing";
            for (String line : output.lines().map(String::strip).toList()) {
                if (error.isEmpty() && ERROR.matcher(line).find()) {
                    error = line;
                }
                last = line.isEmpty() ? last : line;
            }
            return error.isEmpty() ? last : error.replaceFirst("^.*\\b(?=(ERROR|FATAL|PANIC): )", "");
        }
    }

    static Command of(Path directory, Duration limit, List<String> line) {
        return new Command(line, directory, Map.of(), "", limit);
    }

    Command with(Map<String, String> added) {
        return new Command(line, directory, added, input, limit);
    }

    Command typing(String text) {
        return new Command(line, directory, environment, text, limit);
    }

    /** Messages in English, and nothing of a PostgreSQL client's settings the user may have around. */
    static void plainEnvironment(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        environment.put("LC_ALL", "C");
    }

    /** Returns whether a program of this name is on the search path. */
    static boolean exists(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs it.
     *
     * @throws IOException when it cannot be started or the wait for it is interrupted
     */
    Ended run() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        plainEnvironment(builder.environment());
        builder.environment().putAll(environment);
        Process process = builder.start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process), Command::inBackground);
        try {
            type(process);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                return new Ended(Ended.TIMED_OUT, "no answer within " + limit.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), output.join());
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + line.get(0) + " ran", e);
        }
    }

    private void type(Process process) throws IOException {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** What was printed until the pipe broke is still worth having. */
    private static String read(Process process) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        try (InputStream stdout = process.getInputStream()) {
            for (int n; (n = stdout.read(buffer)) >= 0; ) {
                text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            text.append("(output cut off: ").append(e.getMessage()).append(')');
        }
        return text.toString();
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "embedded-command-output");
        thread.setDaemon(true);
        thread.start();
    }
}
