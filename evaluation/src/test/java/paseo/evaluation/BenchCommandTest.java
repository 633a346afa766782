package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter said = new StringWriter();

    @Test
    void whatCannotBeMeasuredIsToldAndTheRestIsWritten(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("bench.json");
        Path html = directory.resolve("bench.html");
        Path missing = directory.resolve("missing");
        int exitCode = execute(
                "bench",
                "--only",
                "latency,matcher",
                "--video",
                missing.toString(),
                "--faces",
                missing.toString(),
                "--json",
                json.toString(),
                "--html",
                html.toString());

        assertThat(exitCode).isEqualTo(1);
        JsonNode written = new ObjectMapper().readTree(json.toFile());
        assertThat(written.at("/failed/latency").asText()).contains("missing: name another by --video");
        assertThat(written.at("/failed/matcher").asText()).contains("missing: name another by --faces");
        assertThat(written.at("/machine").asText()).contains("cores");
        assertThat(written.at("/versions/kafka").asText()).isNotEmpty();
        assertThat(Files.readString(html)).contains("Not measured").contains("name another by --faces");
    }

    /** The name of a part is that of a subcommand, too. */
    @Test
    void aSinglePartCanBeNamed(@TempDir Path directory) {
        int exitCode = execute(
                "bench",
                "--only",
                "workers",
                "--video",
                directory.resolve("missing").toString());
        assertThat(exitCode).isEqualTo(1);
        assertThat(said.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bench", "bench pipeline", "bench matcher", "bench latency", "bench workers", "bench streams"})
    void eachSaysWhatItDoes(String command) {
        StringWriter help = new StringWriter();
        int exitCode = Main.commandLine().setOut(new PrintWriter(help, true)).execute((command + " --help").split(" "));
        assertThat(exitCode).isZero();
        assertThat(help.toString()).contains("--json").contains("--html").doesNotContain("%%");
    }

    private int execute(String... arguments) {
        CommandLine command = Main.commandLine().setErr(new PrintWriter(said, true));
        return command.execute(arguments);
    }
}
