package paseo.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For which CUDA the ONNX Runtime in use was built. The one of the build with {@code -Pgpu} wants CUDA 12; another
 * build of the same version, for CUDA 13 say, is used where {@code -Donnxruntime.native.path} names the directory of
 * its libraries.
 */
final class CudaVersion {
    private static final int PACKAGED = 12;
    private static final String DIRECTORY = "onnxruntime.native.path";
    private static final String LIBRARY = "libonnxruntime_providers_cuda.so";
    private static final Pattern NEEDED = Pattern.compile("\\x00libcudart\\.so\\.(\\d+)\\x00");

    private CudaVersion() {}

    /** The major version. */
    static int ofRuntime() {
        return Optional.ofNullable(System.getProperty(DIRECTORY))
                .map(directory -> Path.of(directory, LIBRARY))
                .filter(Files::isRegularFile)
                .map(CudaVersion::of)
                .orElse(PACKAGED);
    }

    /** What a library asks the linker for: the first such name in it, of those that it may try by itself come later. */
    static int of(Path library) {
        try (FileChannel file = FileChannel.open(library)) {
            int part = 16 << 20;
            for (long at = 0; at < file.size(); at += part) {
                // Parts overlap by more than a name.
                long length = Math.min(part + 64L, file.size() - at);
                var bytes = file.map(FileChannel.MapMode.READ_ONLY, at, length);
                Matcher found = NEEDED.matcher(StandardCharsets.ISO_8859_1.decode(bytes));
                if (found.find()) {
                    return Integer.parseInt(found.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new ModelPackException(
                library + " asks for no version of CUDA: it is not ONNX Runtime's provider for it");
    }
}
