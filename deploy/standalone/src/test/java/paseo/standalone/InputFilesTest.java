package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.standalone.Findings.SourceFound;

class InputFilesTest {
    @TempDir
    Path parent;

    @Test
    void areFoundByNameInWhateverWayTheyWereGiven() throws IOException {
        Path one =
                Files.writeString(Files.createDirectory(parent.resolve("one")).resolve("a b.mp4"), "1");
        Path two =
                Files.writeString(Files.createDirectory(parent.resolve("two")).resolve("a b.mp4"), "2");
        List<String> inputs = List.of(
                parent.resolve("one").toString(),
                two.toUri().toString(),
                parent.resolve("c.mp4").toString());
        assertThat(InputFiles.named("a b.mp4", inputs)).containsExactly(one, two);
        assertThat(InputFiles.named("c.mp4", inputs)).isEmpty();
    }

    /** The run has told of it; the others are annotated. */
    @Test
    void anInputThatIsNoPathIsNone() throws IOException {
        Path video = Files.writeString(parent.resolve("a.mp4"), "");
        List<String> inputs = List.of("file:///home/u/my video.mp4", "file:a.mp4", video.toString());
        assertThat(InputFiles.named("a.mp4", inputs)).containsExactly(video);
        SourceFound source = new SourceFound("a-12345678", 7, "a.mp4", 1, 1, 0, Optional.empty());
        assertThat(Annotations.locate(source, inputs)).isEqualTo(video);
    }
}
