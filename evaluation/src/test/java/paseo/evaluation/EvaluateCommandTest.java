package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.evaluation.scenes.FaceArchive;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.Range;
import paseo.evaluation.scenes.SceneSettings;
import picocli.CommandLine;

class EvaluateCommandTest {
    private static final String[] ANY = {"--preset", "easy", "--faces", "x.tar"};

    @TempDir
    private Path directory;

    private static String refused(String... arguments) {
        StringWriter said = new StringWriter();
        int exitCode = new CommandLine(new EvaluateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(said, true))
                .execute(arguments);

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        return said.toString();
    }

    private static String refusedWith(String option, Path path) {
        List<String> arguments = new ArrayList<>(List.of(ANY));
        arguments.addAll(List.of(option, path.toString()));
        return refused(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --preset easy                                              | or a subcommand
            --faces x.tar                                              | or a subcommand
            --preset easy --faces x.tar --fail-if bcubed<.9            | did you mean 'bcubed_f'?
            --preset easy --faces x.tar --fail-if bcubed_f=.9          | cannot read 'bcubed_f=.9'
            --preset easy --faces x.tar --fail-if fnir_at_fpir_1.our>1 | did you mean 'fnir_at_fpir_1.ours'?
            """)
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIs(String arguments, String message) {
        assertThat(refused(arguments.strip().split("\\s+"))).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--html"})
    void resultsThatCannotBeWrittenAreRefusedBeforeAnythingIsMeasured(String option) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path below = file.resolve("scores");
        Path further = file.resolve("a/scores");

        assertThat(refusedWith(option, below)).contains("cannot write " + option + " " + below);
        assertThat(refusedWith(option, further)).contains("cannot write " + option + " " + further);
        assertThat(refusedWith(option, directory)).contains(option + " " + directory + " (it is a directory)");
    }

    @Test
    void resultsGoWhereThereIsNoDirectoryYet() throws Exception {
        Path file = directory.resolve("new/scores.json");
        ResultFile.tryOut("--json", file);

        assertThat(file).doesNotExist();
        assertThat(file.getParent()).isEmptyDirectory();
    }

    @Test
    void aFileOfAnEarlierRunStaysUntilItIsReplaced() throws Exception {
        Path file = Files.writeString(directory.resolve("scores.json"), "{}");
        ResultFile.tryOut("--json", file);

        assertThat(file).content().isEqualTo("{}");
    }

    @Test
    void twoRunsAreNotMixed() throws Exception {
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("something"), "");

        assertThat(refusedWith("--keep", directory)).contains(data + " holds what an earlier run stored");
    }

    @Test
    void aSmallerSceneIsSaidToBeOne() throws Exception {
        Path tar = FaceArchive.of(directory.resolve("faces.tar"), "a/1.jpg", "a/2.jpg", "b/1.jpg");
        SceneSettings two = Preset.EASY.settings(1).withVideos(1).withSeconds(new Range(1, 1.5));
        List<String> notes = new ArrayList<>();

        EvaluateCommand.draw(Photographs.read(tar), two.withPeople(2, 1), directory, tar, notes::add);
        assertThat(notes).isEmpty();
        EvaluateCommand.draw(Photographs.read(tar), two.withPeople(3, 1), directory, tar, notes::add);
        assertThat(notes)
                .containsExactly(tar + ", without the fifth of the people that calibrations are fitted on, holds too"
                        + " few photographs for 3 people and 1 returns: the scene is smaller");
    }
}
