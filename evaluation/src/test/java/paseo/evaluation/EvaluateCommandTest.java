package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.evaluation.scenes.FaceArchive;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Preset;
import paseo.evaluation.scenes.Range;
import paseo.evaluation.scenes.SceneSettings;
import picocli.CommandLine;

class EvaluateCommandTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --preset easy                                              | or a subcommand
            --faces x.tar                                              | or a subcommand
            --preset easy --faces x.tar --fail-if bcubed<.9            | did you mean 'bcubed_f'?
            --preset easy --faces x.tar --fail-if bcubed_f=.9          | cannot read 'bcubed_f=.9'
            --preset easy --faces x.tar --fail-if fnir_at_fpir_1.our>1 | did you mean 'fnir_at_fpir_1.ours'?
            """)
    void whatCannotBeMeasuredIsRefusedBeforeAnythingIs(String arguments, String message) {
        StringWriter said = new StringWriter();
        int exitCode = new CommandLine(new EvaluateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(said, true))
                .execute(arguments.strip().split("\\s+"));

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(said.toString()).contains(message);
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
