package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.testing.Assets;

/** A run in a process of its own that is ended on the way, twice, goes on and ends as if nothing had been. */
@Tag("e2e")
class KilledRunIT {
    private static final Pattern SHARE = Pattern.compile("^ *(\\d+) %");
    private static final int INTERRUPTED = 130;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void anInterruptedRunEndsWithTheSameBytes() throws Exception {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        assertEndsWell(video, "undisturbed");

        Process stopped = start(command(video, "disturbed"));
        awaitShare(stopped, 10);
        List<ProcessHandle> children = stopped.descendants().toList();
        assertThat(children).as("PostgreSQL").isNotEmpty();
        signal(stopped, "INT");
        assertThat(wait(stopped)).isEqualTo(INTERRUPTED);
        assertThat(children).noneMatch(ProcessHandle::isAlive);

        Process killed = start(command(video, "disturbed"));
        awaitShare(killed, 50);
        List<ProcessHandle> orphans = killed.descendants().toList();
        killed.destroyForcibly();
        assertThat(wait(killed)).isNotZero();
        for (ProcessHandle orphan : orphans) {
            orphan.onExit().get(30, TimeUnit.SECONDS);
        }

        assertEndsWell(video, "disturbed");
        List<Path> files = files(directory.resolve("undisturbed-export"));
        assertThat(files(directory.resolve("disturbed-export")))
                .isEqualTo(files)
                .hasSizeGreaterThan(10);
        for (Path file : files) {
            assertThat(directory.resolve("disturbed-export").resolve(file))
                    .hasSameBinaryContentAs(
                            directory.resolve("undisturbed-export").resolve(file));
        }
    }

    private void assertEndsWell(Path video, String name) throws Exception {
        Path said = directory.resolve(name + ".txt");
        int code = wait(start(command(video, name).redirectError(said.toFile())));
        assertThat(code).as("%s", Files.readString(said)).isZero();
    }

    private Process start(ProcessBuilder command) throws IOException {
        Process process = command.start();
        started.add(process);
        return process;
    }

    private ProcessBuilder command(Path video, String name) {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx600m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        video.toString(),
                        "--data",
                        directory.resolve(name).toString(),
                        "--export",
                        directory.resolve(name + "-export").toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    /** Reads what it says until so many percent are done; the rest is left in the pipe, which holds it. */
    private static void awaitShare(Process process, int percent) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            all.add(line);
            Matcher share = SHARE.matcher(line);
            if (share.find() && Integer.parseInt(share.group(1)) >= percent) {
                assertThat(Integer.parseInt(share.group(1)))
                        .as("still on the way")
                        .isLessThan(100);
                return;
            }
        }
        throw new AssertionError("ended before " + percent + " %: " + all);
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static int wait(Process process) throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
        return process.exitValue();
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .sorted()
                    .toList();
        }
    }
}
