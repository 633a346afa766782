package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.evaluation.scenes.FaceArchive;
import paseo.evaluation.scenes.Truth;
import picocli.CommandLine;

class SceneCommandTest {
    @TempDir
    private Path directory;

    private static void call(String... arguments) throws IOException {
        SceneCommand command = new SceneCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        command.call();
    }

    @Test
    void namesWhatIsNotThere() {
        String missing = directory.resolve("faces.tar").toString();
        assertThatThrownBy(() -> call("--preset", "easy", "--faces", missing, "--out", directory.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing);
    }

    @Test
    void drawsWhatCanBeReadOfTheOthers() throws Exception {
        Path tar = directory.resolve("faces.tar");
        try (FaceArchive archive = new FaceArchive(tar)) {
            archive.photograph("a/1.jpg");
            archive.photograph("b/1.jpg");
            archive.damaged("c/1.jpg");
        }
        Path out = directory.resolve("scenes");

        call("--preset", "easy", "--faces", tar.toString(), "--out", out.toString());

        assertThat(Stream.of(1, 2, 3)
                        .map(number -> out.resolve("easy-" + number + ".csv"))
                        .flatMap(SceneCommandTest::people))
                .containsOnly("a", "b");
    }

    private static Stream<String> people(Path csv) {
        try {
            return Truth.read(csv).stream().map(Truth::person);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void namesTheArchiveThatIsNone() throws Exception {
        Path text = Files.writeString(directory.resolve("faces.tar"), "nothing");
        assertThatThrownBy(() -> call("--preset", "easy", "--faces", text.toString(), "--out", directory.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(text.toString());
    }
}
