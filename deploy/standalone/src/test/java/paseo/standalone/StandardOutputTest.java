package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest {
    @TempDir
    Path directory;

    @Test
    void aProgramReadsAPipeAndNobodyAFile() throws IOException {
        assertThat(StandardOutput.isRead(descriptor("pipe:[4711]"))).isTrue();
        assertThat(StandardOutput.isRead(descriptor("socket:[4711]"))).isTrue();
        assertThat(StandardOutput.isRead(descriptor("/home/somebody/pipe:[4711]")))
                .isFalse();
        assertThat(StandardOutput.isRead(descriptor("/none/full"))).isFalse();
        assertThat(StandardOutput.isRead(directory.resolve("none"))).isTrue();
    }

    private Path descriptor(String target) throws IOException {
        Path link = directory.resolve("1");
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, Path.of(target));
    }
}
