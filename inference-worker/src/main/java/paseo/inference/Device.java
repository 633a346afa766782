package paseo.inference;

import java.util.List;
import java.util.stream.Stream;

/** What computes the models. */
public enum Device {
    /** The processor. The same picture gives the same bits. */
    CPU,
    /** A graphics processor by way of CUDA. */
    CUDA,
    /** A graphics processor by way of TensorRT, which compiles the models for it, once for each size of picture. */
    TENSORRT;

    /**
     * Names of the libraries that the machine must have. Read from the libraries in {@code onnxruntime_gpu} 1.28.0:
     * CUDA 12, cuDNN 9, TensorRT 10.
     */
    List<String> libraries() {
        List<String> cuda =
                List.of("libcuda.so.1", "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12", "libcudnn.so.9");
        return switch (this) {
            case CPU -> List.of();
            case CUDA -> cuda;
            case TENSORRT ->
                Stream.concat(cuda.stream(), Stream.of("libnvinfer.so.10", "libnvonnxparser.so.10"))
                        .toList();
        };
    }
}
