package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTrialTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    @Test
    void modelsAreAskedForWholeBatchesByAllCallers() throws IOException {
        ModelPack pack = new SmallPack(directory).write();
        try (DeviceTrial trial = DeviceTrial.open(pack, store(), Device.CPU, Set.of())) {
            assertThat(trial.detections(2, 2, SHORT)).isPositive();
            assertThat(trial.embeddings(3, 1, SHORT)).isPositive();
        }
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedBeforeAnythingIsMeasured() throws IOException {
        ModelPack pack = new SmallPack(directory).write();

        assertThatThrownBy(() -> DeviceTrial.open(pack, store(), Device.CUDA, Set.of()))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("--device cuda");
    }

    private ModelStore store() {
        return new ModelStore(List.of(directory), directory);
    }
}
