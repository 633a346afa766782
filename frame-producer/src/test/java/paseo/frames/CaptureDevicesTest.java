package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureDevicesTest {
    @TempDir
    private Path directory;

    @Test
    @Tag("fault")
    @DisplayName("row 31: a webcam is back as soon as its path can be opened again")
    void knowsWhenADeviceIsBack() throws IOException {
        Path path = directory.resolve("video0");
        CameraProbe probe = new CameraProbe(new CameraAddress("v4l2:" + path));
        assertThat(probe.answers()).isFalse();
        Files.createFile(path);
        assertThat(probe.answers()).isTrue();
        Files.delete(path);
        assertThat(probe.answers()).isFalse();
        assertThat(path).doesNotExist();
    }
}
