package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaVersionTest {
    @TempDir
    private Path directory;

    @Test
    void thePackagedRuntimeIsForTheOneThatIsDocumented() {
        assertThat(CudaVersion.ofRuntime()).isEqualTo(12);
    }

    @Test
    void anotherRuntimeSaysWhichItNeeds() throws IOException {
        Path library = directory.resolve("library.so");
        // Across the edge of the parts that are looked at.
        write(library, (16 << 20) - 8, "\0libcublas.so.13\0libcudart.so.13\0libcudnn.so.9\0");

        assertThat(CudaVersion.of(library)).isEqualTo(13);
    }

    @Test
    void whatNeedsNoneIsRefused() throws IOException {
        Path library = directory.resolve("library.so");
        write(library, 100, "\0libc.so.6\0");

        assertThatThrownBy(() -> CudaVersion.of(library))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining(library.toString());
    }

    private static void write(Path library, long at, String text) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
            file.seek(at);
            file.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
