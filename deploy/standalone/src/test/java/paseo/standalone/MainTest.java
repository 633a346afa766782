package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.operations.KafkaOptions;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "demo",
                "open",
                "people",
                "people show",
                "people erase",
                "export",
                "audit",
                "audit verify",
                "gallery",
                "gallery stats",
                "gallery reembed",
                "tail",
                "models",
                "models pull",
                "reset"
            })
    void everyCommandHasHelp(String command) {
        assertThat(execute((command + " --help").split(" "))).isEqualTo(ExitCodes.DONE);
        assertThat(out.toString()).contains("Usage: paseo " + command);
    }

    @Test
    void usageErrorsAreOneLine() {
        assertThat(execute("run")).isEqualTo(ExitCodes.USAGE);
        assertThat(err).hasToString("paseo: Missing required parameter: 'INPUT'; see 'paseo run --help'\n");
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThat(execute("run", "a.mp4", "--fps", "0", "--data", data())).isEqualTo(ExitCodes.USAGE);
        assertThat(execute("run", "a.mp4", "--threads", "0", "--data", data())).isEqualTo(ExitCodes.USAGE);
        assertThat(execute("tail", "faces")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString().lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).contains("--fps"),
                        line -> assertThat(line).contains("--threads"),
                        line -> assertThat(line).contains("frames, detections, sequences, sightings, persons"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "people --data other show 1 --data %s",
                "people --data other erase 1 --yes --data %s",
                "people --postgres postgresql://a@b/c ledger --data %s",
                "audit --data other verify --data %s",
                "audit --last 5 verify --data %s"
            })
    void anOptionIsNotDroppedBecauseItIsGivenTooEarly(String line) {
        assertThat(execute(line.formatted(data()).split(" ", -1))).isEqualTo(ExitCodes.USAGE);
        String[] words = line.split(" ", -1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains(
                        words[1] + " is not heeded before '" + words[3] + "'",
                        "behind 'paseo " + words[0] + " " + words[3] + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--kafka.security.protocol=SSL", "--kafka-config=client.properties"})
    void settingsOfAKafkaThatIsNotNamedAreNotDropped(String setting) {
        assertThat(execute(KafkaOptions.expand("cameras", "list", setting, "--data", data())))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains(" needs --kafka", "'paseo cameras list --help'");
        assertThat(Path.of(data())).doesNotExist();
    }

    @Test
    void helpMayBeAskedForAnywhere() {
        assertThat(execute("people", "--help", "show", "1")).isEqualTo(ExitCodes.DONE);
        assertThat(out.toString()).contains("Usage: paseo people");
    }

    @Test
    void whatCannotBeExportedIsNamed() {
        assertThat(execute("export", "faces", "a.csv", "--data", data())).isEqualTo(ExitCodes.USAGE);
        assertThat(execute("export", "sightings", "a.xlsx", "--data", data())).isEqualTo(ExitCodes.USAGE);
        assertThat(execute("export", "sightings", "a.csv", "--since", "May", "--data", data()))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("faces", "sightings and sequences"),
                        line -> assertThat(line).contains(".parquet"),
                        line -> assertThat(line).contains("--since"));
    }

    @Test
    void networksOfCamerasAreRead() {
        assertThat(execute("open", "--camera-networks", "10.0.0.1/8", "--data", data()))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains("--camera-networks", "10.0.0.1");
    }

    @Test
    void anUnknownPackIsRefusedBeforeAnythingStarts() {
        assertThat(execute("run", "a.mp4", "--pack", "none", "--quiet", "--data", data()))
                .isEqualTo(ExitCodes.REFUSED);
        assertThat(err.toString().lines()).singleElement().asString().contains("model pack none");
        assertThat(Path.of(data(), "kafka")).doesNotExist();
    }

    @Test
    void whereNothingIsRememberedThereIsNothingToRead() {
        assertThat(execute("people", "--data", data())).isEqualTo(ExitCodes.FAILED);
        assertThat(execute("tail", "sightings", "--data", data())).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("paseo: nothing is remembered in " + data()));
        assertThat(Path.of(data())).doesNotExist();
    }

    /** A run with servers of the user's own has neither database nor topics there. */
    @ParameterizedTest
    @ValueSource(strings = {"reports/a-12345678.html", "downloads/0815/a.mp4", "streams/state"})
    void aResetForgetsWhatARunOnOtherServersHasLeft(String left) throws IOException {
        Path file = Path.of(data(), left);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a face");
        DataDirectory.open(Path.of(data())).close();
        assertThat(execute("reset", "--yes", "--data", data())).isEqualTo(ExitCodes.DONE);
        assertThat(file).doesNotExist();
    }

    @Test
    void aResetLeavesADirectoryThatIsNoPaseos() throws IOException {
        Path file = Path.of(data(), "reports/mine.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "mine");
        assertThat(execute("reset", "--yes", "--data", data())).isEqualTo(ExitCodes.DONE);
        assertThat(file).hasContent("mine");
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private int execute(String... arguments) {
        CommandLine command = Main.commandLine();
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
