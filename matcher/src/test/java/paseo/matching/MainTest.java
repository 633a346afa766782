package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private static final int USAGE = 2;

    @TempDir
    Path directory;

    private final StringWriter said = new StringWriter();

    @Test
    void aPackWithoutACalibrationNeedsOne() {
        assertThat(matcher("--pack", "sface@1")).isEqualTo(USAGE);
        assertThat(said.toString()).contains("no calibration is shipped for the model pack sface@1");
    }

    @Test
    void anotherPacksCalibrationIsRefused() {
        Path file = directory.resolve("retail.json");
        Calibration.shipped("retail@1").orElseThrow().write(file);

        assertThat(matcher("--pack", "sface@1", "--calibration", file.toString()))
                .isEqualTo(USAGE);
        assertThat(said.toString()).contains("is for the model pack retail@1, not for sface@1");
    }

    @Test
    void fixedThresholdsComeTogetherAndAlone() {
        assertThat(matcher("--accept", "0.5")).isEqualTo(USAGE);
        assertThat(said.toString()).contains("--create");
        assertThat(matcher("--accept", "0.5", "--create", "0.4", "--target-fpir", "0.1"))
                .isEqualTo(USAGE);
        assertThat(said.toString()).contains("no room");
        assertThat(matcher("--accept", "0.4", "--create", "0.5")).isEqualTo(USAGE);
        assertThat(said.toString()).contains("create <= accept");
    }

    @Test
    void keysAreInAPostgresql() {
        assertThat(matcher("--keys-postgres", "vault:5432")).isEqualTo(USAGE);
        assertThat(said.toString()).contains("must look like jdbc:postgresql://HOST:PORT/DATABASE");
        assertThat(matcher(
                        "--keys-postgres", "jdbc:postgresql://vault/keys", "--keys-postgres-password-file", "nowhere"))
                .isEqualTo(USAGE);
        assertThat(said.toString()).contains("--keys-postgres-password-file: cannot read nowhere");
    }

    @Test
    void aTargetIsAShare() {
        assertThat(matcher("--target-fpir", "1.5")).isEqualTo(USAGE);
        assertThat(said.toString()).contains("targetFpir must lie in (0, 0.5]");
    }

    private int matcher(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--kafka", "127.0.0.1:1", "--postgres", "jdbc:postgresql://127.0.0.1:1/paseo"));
        arguments.addAll(List.of(options));
        CommandLine line = Main.commandLine(new Main());
        line.setErr(new PrintWriter(said, true));
        return line.execute(arguments.toArray(String[]::new));
    }
}
