package paseo.evaluation.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TracksCommandTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void allTrackersFollowTwoWhoWalkAlone() throws IOException {
        List<String> truth = new ArrayList<>();
        List<String> detections = new ArrayList<>();
        for (int frame = 1; frame <= 30; frame++) {
            truth.add(frame + ",1," + (10 + 3 * frame) + ",20,40,90,1,-1,-1,-1");
            truth.add(frame + ",2," + (400 - 3 * frame) + ",200,40,90,1,-1,-1,-1");
            detections.add(frame + ",-1," + (10 + 3 * frame) + ",20,40,90,0.9,-1,-1,-1");
            detections.add(frame + ",-1," + (400 - 3 * frame) + ",200,40,90,0.9,-1,-1,-1");
        }
        Path mot = Files.createDirectory(directory.resolve("mot"));
        Files.write(mot.resolve("gt.txt"), truth);
        Files.write(mot.resolve("det.txt"), detections);
        Files.write(mot.resolve("oracle.txt"), truth);
        Files.writeString(
                directory.resolve("ltft.txt"), "2\n0 1 7 1 2 30 40 1 0.9\n1 2 7 1 2 30 40 1 0.9 8 90 2 30 40 0 0.5\n");
        Path json = directory.resolve("tracks.json");
        int code = new CommandLine(new TracksCommand())
                .execute(
                        "--mot", mot.toString(),
                        "--ltft", directory.resolve("ltft.txt").toString(),
                        "--json", json.toString());
        assertThat(code).isZero();
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows.findValuesAsText("tracker"))
                .containsExactly("plain IoU", "SORT", "Paseo", "oracle.txt", "plain IoU", "SORT", "Paseo");
        assertThat(rows.get(3).get("hota").doubleValue()).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(rows.get(i).get("switches").intValue()).isZero();
            assertThat(rows.get(i).get("tracks").intValue()).isEqualTo(2);
            assertThat(rows.get(i).get("idf1").doubleValue()).isGreaterThan(0.95);
            assertThat(rows.get(i).get("idf1_ci")).hasSize(2);
        }
        assertThat(rows.get(4).get("persons").intValue()).isEqualTo(1);
        assertThat(rows.get(4).get("false_positives").intValue()).isEqualTo(1);
    }

    @Test
    void nothingToFollowIsAMistake() {
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new TracksCommand())
                .setErr(new PrintWriter(errors))
                .execute();
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--mot DIR");
    }

    @Test
    void aLineThatIsNoBoxIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("faces.txt"), "1\n0 1 7 1 2 30\n");
        StringWriter errors = new StringWriter();
        CommandLine commandLine = new CommandLine(new TracksCommand())
                .setErr(new PrintWriter(errors))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
        assertThat(commandLine.execute("--ltft", file.toString())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(errors.toString()).contains("faces.txt: line 2");
    }
}
