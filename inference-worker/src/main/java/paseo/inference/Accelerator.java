package paseo.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Sets a session up for a device, once it is known that the device can be had: what is missing is said at start, by
 * name.
 *
 * @param device to compute on
 * @param engines directory for what TensorRT compiles, which takes minutes and is good for the same device and versions
 */
record Accelerator(Device device, Path engines) {
    private static final Path LINKER_CACHE = Path.of("/etc/ld.so.cache");

    /** The processor. */
    static Accelerator cpu() {
        return new Accelerator(Device.CPU, Path.of(""));
    }

    /**
     * Looks whether the device can be had.
     *
     * @throws ModelPackException if not; the message says what is missing and how to get it
     */
    void check() {
        check(OrtEnvironment.getAvailableProviders(), CudaVersion.ofRuntime(), Accelerator::installed);
    }

    void check(Set<OrtProvider> built, int cuda, Predicate<String> installed) {
        if (!built.containsAll(providers())) {
            throw new ModelPackException(asked() + ": this build of Paseo computes on the processor only; build it with"
                    + " MAVEN_ARGS=-Pgpu, which brings ONNX Runtime for CUDA 12, cuDNN 9 and TensorRT 10");
        }
        List<String> missing = device.libraries(cuda).stream()
                .filter(library -> !installed.test(library))
                .toList();
        if (!missing.isEmpty()) {
            throw new ModelPackException(asked() + ": this machine lacks " + String.join(", ", missing)
                    + "; install NVIDIA's driver, CUDA " + cuda + " and cuDNN 9"
                    + (device == Device.TENSORRT ? " and TensorRT 10" : "")
                    + ", or name their directories in LD_LIBRARY_PATH");
        }
    }

    /** How a user asks for it. */
    String asked() {
        return "--device " + device.name().toLowerCase(Locale.ROOT);
    }

    private Set<OrtProvider> providers() {
        return switch (device) {
            case CPU -> EnumSet.of(OrtProvider.CPU);
            case CUDA -> EnumSet.of(OrtProvider.CUDA);
            case TENSORRT -> EnumSet.of(OrtProvider.CUDA, OrtProvider.TENSOR_RT);
        };
    }

    /** Where the linker looks: directories that are named, and those that it keeps a list of. */
    private static boolean installed(String library) {
        String named = System.getenv("LD_LIBRARY_PATH");
        if (named != null) {
            for (String directory : named.split(":", -1)) {
                if (!directory.isEmpty() && Files.exists(Path.of(directory, library))) {
                    return true;
                }
            }
        }
        try {
            // Names in it end with a zero byte.
            return Files.isReadable(LINKER_CACHE)
                    && Files.readString(LINKER_CACHE, StandardCharsets.ISO_8859_1)
                            .contains(library + "\0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A directory for the engines of one model: they are named after the names in a graph, whatever its weights are.
     */
    Path engines(byte[] graph) {
        return engines.resolve(ModelStore.sha256(graph));
    }

    /**
     * Has a session compute there; what the device cannot compute falls back to the next best.
     *
     * @param graph that the session is going to be of
     */
    void configure(OrtSession.SessionOptions options, byte[] graph) throws OrtException {
        if (device == Device.TENSORRT) {
            Path own = engines(graph);
            try {
                Files.createDirectories(own);
            } catch (IOException e) {
                throw new ModelPackException("TensorRT's engines cannot be kept in " + own + ": " + e.getMessage());
            }
            OrtTensorRTProviderOptions tensorrt = new OrtTensorRTProviderOptions();
            tensorrt.add("trt_engine_cache_enable", "1");
            tensorrt.add("trt_engine_cache_path", own.toString());
            tensorrt.add("trt_timing_cache_enable", "1");
            tensorrt.add("trt_timing_cache_path", engines.toString());
            options.addTensorrt(tensorrt);
        }
        if (device != Device.CPU) {
            OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions();
            // The default tries every algorithm of each convolution for each new shape, which takes seconds.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            // A session for each shape: none of them may take twice what it needs.
            cuda.add("arena_extend_strategy", "kSameAsRequested");
            // Of a whole pipeline TF32 gained no more than the noise: the device waits for its next call, not for
            // arithmetic.
            cuda.add("use_tf32", "0");
            options.addCUDA(cuda);
        }
    }
}
