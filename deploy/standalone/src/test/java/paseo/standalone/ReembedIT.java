package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Decision;
import paseo.testing.Assets;

/** Four people are seen with one model pack, moved to another, and seen again with that: they are the same four. */
@Tag("e2e")
class ReembedIT {
    /** Faces of 31 to 73 pixels; everybody comes back. */
    private static final Set<String> RECOGNISABLE = Set.of("F1", "F2", "M1", "M2");

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({"retail, insightface", "insightface, retail"})
    void whoWasSeenWithOnePackIsRecognisedWithAnother(String before, String after) throws IOException {
        Findings first = run(before, "intel_reid_a.mp4");
        Map<String, Set<Long>> numbers = numbers("intel_reid_a");
        assertThat(numbers.values()).allSatisfy(persons -> assertThat(persons).hasSize(1));
        String people = standardOutput("people", "show", "1");

        String moved = standardOutput("gallery", "reembed", "--to", after, "--accept-licence", "insightface");
        assertThat(moved)
                .contains(before + "@1 to " + after + "@1: ", ", 0 without one that can be embedded")
                .contains("agreement 1.000")
                .contains("moved 4 persons and ", "audit entry 1")
                .endsWith("run with --pack " + after + " from now on\n");
        assertThat(standardOutput("gallery", "reembed", "--to", after, "--accept-licence", "insightface"))
                .startsWith("nothing to do");
        assertThat(sightings(standardOutput("people", "show", "1"))).isEqualTo(sightings(people));

        Findings second = run(after, "intel_reid_b.mp4");
        assertThat(numbers("intel_reid_b")).as("the same numbers").isEqualTo(numbers);
        assertThat(second.people()).hasSize(4).noneMatch(second::isNew);
        assertThat(second.sequences()).noneMatch(sequence -> sequence.decision() == Decision.NEW);
        assertThat(first.people()).hasSize(4);
        assertThat(standardOutput("audit", "verify")).contains("1 entr");
    }

    @Test
    void whatIsPreparedIsNotUsedAndCanBeDiscarded() throws IOException {
        run("retail", "intel_reid_a.mp4");
        assertThat(standardOutput(
                        "gallery", "reembed", "--to", "insightface", "--accept-licence", "insightface", "--prepare"))
                .contains("agreement ")
                .doesNotContain("moved");
        assertThat(standardOutput("gallery", "reembed", "--to", "insightface", "--discard"))
                .startsWith("removed the unused templates of ");
        Findings again = run("retail", "intel_reid_b.mp4");
        assertThat(again.people()).hasSize(4).noneMatch(again::isNew);
    }

    @Test
    void whatCannotBeUnderstoodIsRefused() {
        assertThat(execute("gallery", "reembed")).isEqualTo(ExitCodes.USAGE);
        assertThat(execute("gallery", "reembed", "--to", "none")).isEqualTo(ExitCodes.REFUSED);
        assertThat(execute("gallery", "reembed", "--to", "retail", "--agreement", "2"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString().lines()).hasSize(3);
    }

    /** Where and when, without what a later pass says of silhouettes. */
    private static List<String> sightings(String person) {
        return person.lines().filter(line -> line.contains("intel_reid")).toList();
    }

    private String standardOutput(String... arguments) {
        PrintStream out = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(execute(arguments)).as("%s", err).isEqualTo(ExitCodes.DONE);
        } finally {
            System.setOut(out);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private int execute(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = directory.resolve("data").toString();
        return Main.commandLine().setErr(new PrintWriter(err, true)).execute(all);
    }

    private Map<String, Set<Long>> numbers(String video) throws IOException {
        return new ExportedFaces(directory.resolve("export"))
                .compare(Assets.require("videos/" + video + ".gt.csv")).entrySet().stream()
                        .filter(known -> RECOGNISABLE.contains(known.getKey()))
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                known -> known.getValue().persons().keySet()));
    }

    private Findings run(String pack, String video) {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
        Assets.require("models/insightface/mobilefacenet-y1-bgr.onnx");
        RunSettings settings = new RunSettings(
                List.of(Assets.require("videos/" + video).toString()),
                directory.resolve("data"),
                pack,
                Set.of("insightface"),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(directory.resolve("export")),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Work.standard());
        PrintStream stream = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Run(settings, new Terminal(stream, stream, false, false, 0))
                .execute()
                .findings();
    }
}
