package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void namesTheArchiveThatIsNone() throws Exception {
        Path text = Files.writeString(directory.resolve("faces.tar"), "nothing");
        assertThatThrownBy(() -> call("--preset", "easy", "--faces", text.toString(), "--out", directory.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(text.toString());
    }
}
