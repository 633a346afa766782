package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.ValueSource;
import paseo.events.Decision;
import paseo.frames.Carry;
import paseo.operations.KafkaConnection;
import paseo.standalone.ExportedFaces.Face;
import paseo.standalone.ExportedFaces.Known;
import paseo.testing.Assets;

/**
 * Real videos through the real thing: Kafka, PostgreSQL, models and all four services, in this process. Whom the truth
 * files know must come out as that many people.
 */
@Tag("e2e")
class EndToEndIT {
    /** Faces of 31 to 73 pixels; everybody comes back. */
    private static final Set<String> RECOGNISABLE = Set.of("F1", "F2", "M1", "M2");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"retail", "insightface"})
    void fourPeopleComeBackAndSixAreTooSmall(String pack) throws IOException {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        Run.Outcome outcome = run("data", pack, OptionalDouble.empty(), List.of(video));
        Map<String, Known> truth =
                new ExportedFaces(directory.resolve("export")).compare(Assets.require("videos/intel_reid_full.gt.csv"));
        assertThat(outcome.complete()).isTrue();
        assertThat(truth).hasSize(10);
        truth.forEach((label, known) -> {
            if (RECOGNISABLE.contains(label)) {
                assertThat(known.persons()).as("numbers of %s", label).hasSize(1);
                assertThat(known.shots())
                        .as("shots in which %s is recognised", label)
                        .hasSizeGreaterThan(1);
            } else {
                assertThat(known.persons())
                        .as("numbers of %s, too small", label)
                        .isEmpty();
                assertThat(known.found()).as("detections of %s", label).isNotEmpty();
            }
        });
        assertThat(truth.values().stream()
                        .flatMap(known -> known.persons().keySet().stream())
                        .toList())
                .as("one number each")
                .doesNotHaveDuplicates();
        assertThat(outcome.findings().people()).hasSize(4);
        assertThat(outcome.findings().nobodys(false)).hasSizeGreaterThanOrEqualTo(6);
        assertThat(outcome.report()).isRegularFile();
    }

    @Test
    void accessUnitsShowTheSamePeople() throws IOException {
        Path video = Assets.require("videos/intel_reid_full.mp4");
        requireRetail();
        run("decoded", "retail", OptionalDouble.of(5), List.of(video));
        Map<String, Set<Long>> before = numbers("videos/intel_reid_full.gt.csv");
        Run.Outcome carried = run(
                "carried",
                "retail",
                OptionalDouble.of(5),
                List.of(video),
                Work.standard().withCarry(Carry.PACKETS));
        assertThat(carried.complete()).isTrue();
        assertThat(numbers("videos/intel_reid_full.gt.csv")).isEqualTo(before);
        assertThat(before.values()).allSatisfy(numbers -> assertThat(numbers).hasSize(1));
        assertThat(carried.findings().people()).hasSize(4);
    }

    @Test
    void whoWasInTheFirstVideoIsRecognisedInTheSecond() throws IOException {
        Path first = Assets.require("videos/intel_reid_a.mp4");
        Path second = Assets.require("videos/intel_reid_b.mp4");
        requireRetail();
        Findings earlier =
                run("data", "retail", OptionalDouble.empty(), List.of(first)).findings();
        assertThat(earlier.people()).hasSize(4).allMatch(earlier::isNew);
        Map<String, Set<Long>> before = numbers("videos/intel_reid_a.gt.csv");
        Findings findings =
                run("data", "retail", OptionalDouble.empty(), List.of(second)).findings();
        assertThat(numbers("videos/intel_reid_b.gt.csv")).isEqualTo(before);
        assertThat(before.values()).allSatisfy(numbers -> assertThat(numbers).hasSize(1));
        assertThat(findings.people()).hasSize(4).noneMatch(findings::isNew);
        assertThat(findings.sequences()).noneMatch(sequence -> sequence.decision() == Decision.NEW);
        assertThat(lines(exported("sightings", "jsonl")))
                .hasSizeGreaterThan(findings.sequences().size())
                .allSatisfy(
                        line -> assertThat(line).startsWith("{\"sequence\":").contains("\"person\":"));
        assertThat(lines(exported("sequences", "csv")))
                .hasSizeGreaterThan(findings.sequences().size() + 1)
                .first()
                .asString()
                .startsWith("sequence,camera,");
        assertThat(Files.readAllBytes(exported("sequences", "parquet")))
                .startsWith("PAR1".getBytes(StandardCharsets.US_ASCII))
                .endsWith("PAR1".getBytes(StandardCharsets.US_ASCII));
    }

    private Path exported(String table, String format) {
        Path file = directory.resolve(table + "." + format);
        int code = Main.commandLine()
                .execute(
                        "export",
                        table,
                        file.toString(),
                        "--data",
                        directory.resolve("data").toString());
        assertThat(code).isEqualTo(ExitCodes.DONE);
        return file;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    @Test
    void theSingerReturnsAfterTheCutAndTwoInOneFrameAreTwo() throws IOException {
        Path video = Assets.require("videos/short_hamilton_clip.mp4");
        requireRetail();
        run("data", "retail", OptionalDouble.empty(), List.of(video));
        ExportedFaces faces = new ExportedFaces(directory.resolve("export"));
        Face beforeTheCut = faces.largestIn(10);
        Face afterTheCut = faces.largestIn(150);
        assertThat(beforeTheCut.sequence()).isNotEqualTo(afterTheCut.sequence());
        assertThat(beforeTheCut.person()).isPositive().isEqualTo(afterTheCut.person());
        for (long frame : faces.frames()) {
            assertThat(faces.in(frame).stream()
                            .map(Face::person)
                            .filter(person -> person > 0)
                            .toList())
                    .as("persons in frame %d", frame)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void backsAndFarAwayFacesAreNobody() throws IOException {
        Path video = Assets.require("videos/one-by-one-person-detection.mp4");
        requireRetail();
        Run.Outcome outcome = run("data", "retail", OptionalDouble.empty(), List.of(video));
        assertThat(outcome.findings().people()).isEmpty();
        assertThat(outcome.complete()).isTrue();
    }

    @Test
    void badInputsFailAloneAndAreNamed() throws IOException {
        Path video = Assets.require("videos/intel_reid_b.mp4");
        requireRetail();
        Path text = Files.writeString(directory.resolve("text.mp4"), "not a video");
        Path empty = Files.createFile(directory.resolve("empty.mp4"));
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path missing = directory.resolve("missing.mp4");
        byte[] bytes = Files.readAllBytes(video);
        Path truncated = Files.write(directory.resolve("truncated.mp4"), Arrays.copyOf(bytes, bytes.length / 2));
        List<Path> bad = List.of(text, empty, folder, missing, truncated);
        List<Path> inputs = new ArrayList<>(bad);
        inputs.add(2, video);
        Run.Outcome outcome = run("data", "retail", OptionalDouble.of(4), inputs);
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.findings().people()).isNotEmpty();
        List<String> errors = said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("paseo: "))
                .toList();
        assertThat(errors).hasSize(bad.size());
        for (Path input : bad) {
            assertThat(errors)
                    .filteredOn(line -> line.contains(input.toString()))
                    .as("%s", input)
                    .hasSize(1);
        }
    }

    @Test
    void whatCannotBeginIsRefusedInOneLine() throws IOException {
        requireRetail();
        RunSettings settings = RunSettings.of(List.of("any.mp4"), directory.resolve("data"));
        RunSettings kafka = new RunSettings(
                settings.inputs(),
                settings.data(),
                settings.pack(),
                Set.of(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.of(KafkaConnection.of("127.0.0.1:1")),
                Optional.empty(),
                Optional.empty());
        assertThatThrownBy(() -> new Run(kafka, terminal()).execute())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--kafka 127.0.0.1:1")
                .hasMessageNotContaining("\n");
    }

    private Map<String, Set<Long>> numbers(String truth) throws IOException {
        return new ExportedFaces(directory.resolve("export"))
                .compare(Assets.require(truth)).entrySet().stream()
                        .filter(known -> RECOGNISABLE.contains(known.getKey()))
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                known -> known.getValue().persons().keySet()));
    }

    private static void requireRetail() {
        Assets.require("models/retail/face-reidentification-retail-0095.onnx");
    }

    private Run.Outcome run(String data, String pack, OptionalDouble fps, List<Path> inputs) {
        return run(data, pack, fps, inputs, Work.standard());
    }

    private Run.Outcome run(String data, String pack, OptionalDouble fps, List<Path> inputs, Work work) {
        Assets.require(
                pack.equals("retail")
                        ? "models/retail/face-reidentification-retail-0095.onnx"
                        : "models/insightface/mobilefacenet-y1-bgr.onnx");
        RunSettings settings = new RunSettings(
                inputs.stream().map(Path::toString).toList(),
                directory.resolve(data),
                pack,
                Set.of("insightface"),
                fps,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(directory.resolve("export")),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                work);
        return new Run(settings, terminal()).execute();
    }

    private Terminal terminal() {
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, false, false, 0);
    }
}
