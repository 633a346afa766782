package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtProvider;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AcceleratorTest {
    private static final Set<OrtProvider> ALL = EnumSet.allOf(OrtProvider.class);

    @Test
    void theProcessorIsAlwaysThere() {
        assertThatCode(Accelerator.cpu()::check).doesNotThrowAnyException();
    }

    @Test
    void aBuildForTheProcessorSaysHowToGetAnother() {
        for (Device device : new Device[] {Device.CUDA, Device.TENSORRT}) {
            assertThatThrownBy(() -> accelerator(device).check(EnumSet.of(OrtProvider.CPU), 12, library -> true))
                    .isInstanceOf(ModelPackException.class)
                    .hasMessageContaining("--device " + (device == Device.CUDA ? "cuda" : "tensorrt"))
                    .hasMessageContaining("-Pgpu");
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> accelerator(Device.CUDA).check(ALL, 12, library -> !library.contains("cudnn")))
                .isInstanceOf(ModelPackException.class)
                .hasMessageContaining("lacks libcudnn.so.9;")
                .hasMessageContaining("CUDA 12 and cuDNN 9");
        assertThatThrownBy(() -> accelerator(Device.TENSORRT).check(ALL, 12, library -> !library.contains("nvinfer")))
                .hasMessageContaining("lacks libnvinfer.so.10;")
                .hasMessageContaining("TensorRT 10");
    }

    @Test
    void nothingIsMissingWhereEverythingIsThere() {
        assertThatCode(() -> accelerator(Device.TENSORRT).check(ALL, 12, library -> true))
                .doesNotThrowAnyException();
    }

    /** Two packs may have a network of the same layers with weights of their own. */
    @Test
    void modelsOfTheSameNamesDoNotShareAnEngine() {
        Accelerator tensorrt = accelerator(Device.TENSORRT);
        byte[] graph = SmallPack.embedder(1).model().toByteArray();
        byte[] otherWeights = SmallPack.embedder(2).model().toByteArray();

        assertThat(tensorrt.engines(otherWeights)).isNotEqualTo(tensorrt.engines(graph));
        assertThat(tensorrt.engines(graph.clone())).isEqualTo(tensorrt.engines(graph));
        assertThat(tensorrt.engines(graph)).hasParentRaw(Path.of("engines"));
    }

    private static Accelerator accelerator(Device device) {
        return new Accelerator(device, Path.of("engines"));
    }
}
