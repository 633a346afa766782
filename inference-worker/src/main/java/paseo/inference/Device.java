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
     * Names of the libraries that the machine must have, as ONNX Runtime 1.28.0's own name them: cuDNN 9, TensorRT 10.
     *
     * @param major version of CUDA that ONNX Runtime was built for
     */
    List<String> libraries(int major) {
        List<String> cuda = List.of(
                "libcuda.so.1",
                "libcudart.so." + major,
                "libcublas.so." + major,
                "libcublasLt.so." + major,
                "libcudnn.so.9");
        return switch (this) {
            case CPU -> List.of();
            case CUDA -> cuda;
            case TENSORRT ->
                Stream.concat(cuda.stream(), Stream.of("libnvinfer.so.10", "libnvonnxparser.so.10"))
                        .toList();
        };
    }
}
