package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.frames.Inputs.BadInput;
import paseo.frames.Inputs.FileInput;
import paseo.frames.Inputs.Input;

class InputsTest {
    @TempDir
    Path directory;

    @Test
    void replacesADirectoryByItsVideosSorted() throws IOException {
        for (String name : List.of("b.mkv", "a.MP4", "notes.txt", ".hidden.mp4", "c.gif", "d.M2TS")) {
            Files.createFile(directory.resolve(name));
        }
        Files.createDirectory(directory.resolve("deeper.mp4"));
        Path odd = Files.createFile(directory.resolve("film without ending"));

        List<Input> inputs = Inputs.expand(
                List.of(odd.toString(), directory.toString(), odd.toUri().toString()));

        assertThat(inputs)
                .containsExactly(
                        new FileInput(odd),
                        new FileInput(directory.resolve("a.MP4")),
                        new FileInput(directory.resolve("b.mkv")),
                        new FileInput(directory.resolve("c.gif")),
                        new FileInput(directory.resolve("d.M2TS")),
                        new FileInput(odd));
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(error(directory.toString()))
                .startsWith(directory + ": has no videos in it (3gp, avi, flv, gif, m2ts, m4v");
        assertThat(error("nowhere.mp4")).isEqualTo("nowhere.mp4: is not a file or directory");
        assertThat(error("file:relative.mp4")).contains("is not a file or directory");
        assertThat(error("rtsp://user:secret@host/1")).isEqualTo("rtsp://***@host/1: is not a file or directory");
        assertThat(error("https://nas/v.mp4?token=secret of mine"))
                .isEqualTo("https://nas/v.mp4?***: is not a file or directory");
        assertThat(error("what?.mp4")).isEqualTo("what?.mp4: is not a file or directory");
        assertThat(error("nul\0byte")).contains("is not a file or directory");
    }

    private static String error(String input) {
        List<Input> inputs = Inputs.expand(List.of(input));
        assertThat(inputs).hasSize(1);
        return ((BadInput) inputs.get(0)).error();
    }
}
