package paseo.testing;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Real models, videos and faces for tests. They are not in the repository: a test asks for one by its path, such as
 * {@code videos/intel_reid_full.mp4} or {@code models/retail/head-pose-estimation-adas-0001.onnx}.
 *
 * <p>Looked for in {@code PASEO_MODELS} and {@code PASEO_SAMPLES} (without the leading {@code models/} or
 * {@code videos/}), the repository, {@code ../shared} and {@code ~/.paseo}. Where there is none the test is skipped and
 * listed at the end of the run; with {@code PASEO_REQUIRE_ASSETS=1} it fails instead.
 */
public final class Assets {
    private static final SortedSet<String> MISSING = new ConcurrentSkipListSet<>();

    private Assets() {}

    /**
     * The asset, or the end of the calling test: skipped, or failed where assets are required.
     *
     * @param path relative, with forward slashes
     */
    public static Path require(String path) {
        Optional<Path> asset = find(path);
        if (asset.isPresent()) {
            return asset.get();
        }
        MISSING.add(path);
        String message = "no " + path + " to test with";
        if (required()) {
            throw new AssertionFailedError(message);
        }
        throw new TestAbortedException(message);
    }

    /** The asset, where there is one. */
    public static Optional<Path> find(String path) {
        return candidates(path).filter(Files::exists).findFirst();
    }

    /** What {@link #require} was asked for in vain, sorted. */
    static List<String> missing() {
        return List.copyOf(MISSING);
    }

    private static boolean required() {
        return "1".equals(System.getenv("PASEO_REQUIRE_ASSETS"));
    }

    private static Stream<Path> candidates(String path) {
        Path root = repository();
        return Stream.of(
                        below("PASEO_MODELS", "models/", path),
                        below("PASEO_SAMPLES", "videos/", path),
                        Optional.of(root.resolve(path)),
                        Optional.of(root.resolveSibling("shared").resolve(path)),
                        Optional.of(Path.of(System.getProperty("user.home"), ".paseo", path)))
                .flatMap(Optional::stream);
    }

    private static Optional<Path> below(String variable, String prefix, String path) {
        String directory = System.getenv(variable);
        return directory == null || !path.startsWith(prefix)
                ? Optional.empty()
                : Optional.of(Path.of(directory, path.substring(prefix.length())));
    }

    private static Path repository() {
        return Path.of(requireNonNullElse(System.getenv("PASEO_ROOT"), ".")).toAbsolutePath();
    }
}
