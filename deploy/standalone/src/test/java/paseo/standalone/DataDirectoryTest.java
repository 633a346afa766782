package paseo.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void isMadeWhenMissing() {
        try (DataDirectory data = DataDirectory.open(parent.resolve("a/b"))) {
            assertThat(data.root()).isDirectory();
        }
    }

    @Test
    void aSecondUserIsToldWhoHasIt() {
        try (DataDirectory first = DataDirectory.open(parent)) {
            assertThatThrownBy(() -> DataDirectory.open(first.root()))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(parent.toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data");
        }
        DataDirectory.open(parent).close();
    }

    @Test
    void twoDirectoriesAtOnce() {
        try (DataDirectory one = DataDirectory.open(parent.resolve("one"));
                DataDirectory two = DataDirectory.open(parent.resolve("two"))) {
            assertThat(one.root()).isNotEqualTo(two.root());
        }
    }

    @Test
    void aFileInItsPlaceIsNamed() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cannot write the data directory " + file + " (a file is in its place)");
    }

    @Test
    void clearKeepsWhatIsNotData() throws IOException {
        try (DataDirectory data = DataDirectory.open(parent)) {
            Path model = parent.resolve("models/retail/model.onnx");
            Files.createDirectories(model.getParent());
            Files.writeString(model, "");
            Files.createDirectories(data.database().resolve("base"));
            Files.writeString(data.database().resolve("base/1"), "");
            Files.createDirectories(data.kafka());
            Path download = data.downloads().resolve("0815/film.mp4");
            Files.createDirectories(download.getParent());
            Files.writeString(download, "");
            data.noteOtherKafka();
            assertThat(data.hasOtherKafka()).isTrue();
            assertThat(DataDirectory.isUsed(parent)).isTrue();
            data.clear();
            assertThat(DataDirectory.isUsed(parent)).isFalse();
            assertThat(DataDirectory.holdsAnything(parent)).isFalse();
            assertThat(data.downloads()).doesNotExist();
            assertThat(data.hasOtherKafka()).isFalse();
            assertThat(model).exists();
        }
    }
}
