package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.events.CameraStatus.State;
import paseo.testing.rtsp.LabCamera;

@Tag("fault")
class CrashReportsTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    @DisplayName(
            "row 11: a camera that has crashed the program three times is left alone, longer each time, and no other")
    void leavesACameraAloneThatCrashesTheProgram() throws Exception {
        crash("door");
        crash("door");
        assertThat(CrashReports.read(directory, Instant.now()).quarantine("door", Instant.now()))
                .isZero();
        crash("yard");
        crash("door");
        CrashReports three = CrashReports.read(directory, Instant.now());
        assertThat(three.quarantine("door", Instant.now())).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        assertThat(three.quarantine("yard", Instant.now())).isZero();
        assertThat(three.quarantine("door", Instant.now().plus(Duration.ofMinutes(11))))
                .as("later it is tried again")
                .isZero();

        crash("door");
        CrashReports four = CrashReports.read(directory, Instant.now());
        assertThat(four.quarantine("door", Instant.now())).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
    }

    @Test
    @DisplayName("row 11: a camera that is left alone is down, for a reason, and watched afterwards")
    void isDownWhileItIsLeftAlone() throws IOException {
        try (LabCamera lab = new LabCamera(LabClips.moving(160, 120));
                WatchedCamera alone =
                        new WatchedCamera(lab.url(), Optional.empty(), new LiveClock(), Duration.ofSeconds(2))) {
            alone.await(State.DOWN, ONE_MINUTE);
            assertThat(alone.camera.detail()).contains("crashed this program");
            assertThat(lab.watchers()).isZero();
            alone.await(State.LIVE, ONE_MINUTE);
        }
    }

    @Test
    void forgetsAfterADay() throws Exception {
        for (int i = 0; i < 3; i++) {
            crash("door");
        }
        CrashReports.read(directory, Instant.now());
        for (Path report : reports()) {
            Files.setLastModifiedTime(report, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        }
        assertThat(CrashReports.read(directory, Instant.now()).quarantine("door", Instant.now()))
                .isZero();
        assertThat(reports()).isEmpty();
    }

    @Test
    void aClockThatWasSetBackMakesNoQuarantineLonger() throws IOException {
        Instant now = Instant.now();
        for (int i = 0; i < 3; i++) {
            Files.setLastModifiedTime(
                    report(i), FileTime.from(now.plus(Duration.ofDays(3)).plusSeconds(i)));
        }
        assertThat(CrashReports.read(directory, now).quarantine("door", now)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void whatCannotBeReadHidesNoReport() throws IOException {
        for (int i = 0; i < 3; i++) {
            report(i);
        }
        Files.createDirectory(directory.resolve("a.log"));
        Instant now = Instant.now();
        assertThat(CrashReports.read(directory, now).quarantine("door", now)).isPositive();
    }

    private Path report(int number) throws IOException {
        return Files.writeString(
                directory.resolve("camera-crash-" + number + ".log"),
                "# A fatal error\nCurrent thread (0x00007f1):  JavaThread \"camera-door\" daemon\n");
    }

    @Test
    void otherReportsAreLeftToThoseWhoReadThem() throws IOException {
        Path other = Files.writeString(
                directory.resolve("7.log"), "# A fatal error\nCurrent thread (0x00007f1): JavaThread \"main\" [x]\n");
        assertThat(CrashReports.read(directory, Instant.now()).quarantine("main", Instant.now()))
                .isZero();
        assertThat(other).exists();
        assertThat(CrashReports.read(directory.resolve("none"), Instant.now()).quarantine("x", Instant.now()))
                .isZero();
    }

    /** Always under the same name, as in a container, where every process is the first. */
    private void crash(String camera) throws Exception {
        CrashReports.read(directory, Instant.now());
        Process crashing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + directory.resolve("crash-1.log"),
                        "-XX:-CreateCoredumpOnCrash",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingCamera.class.getName(),
                        camera)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(crashing.waitFor(ONE_MINUTE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("crash-1.log")).exists();
    }

    private List<Path> reports() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
