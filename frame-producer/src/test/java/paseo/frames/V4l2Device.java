package paseo.frames;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * A webcam that processes with its {@link #environment} find at its address, whatever this machine has: the library
 * that {@code src/test/native/v4l2_device.c} describes.
 */
final class V4l2Device {
    static final int WIDTH = 160;
    static final int HEIGHT = 120;
    static final int FPS = 25;
    /** Red, green, blue of the bars, from the left; each is an eighth of the picture wide. */
    static final List<int[]> COLOURS =
            List.of(new int[] {255, 0, 0}, new int[] {0, 255, 0}, new int[] {0, 0, 255}, new int[] {255, 255, 255});

    private static final Path SOURCE = Path.of("src", "test", "native", "v4l2_device.c");

    /** How the device is. */
    enum State {
        MOVING,
        FROZEN,
        STALLED,
        DAMAGED,
        BUSY,
        UNPLUGGED
    }

    private final Path path;
    private final Path control;
    private final Map<String, String> environment = new HashMap<>();

    private V4l2Device(Path directory, Path library, @Nullable Path jpeg) {
        path = directory.resolve("video0");
        control = directory.resolve("control");
        environment.put("LD_PRELOAD", library.toString());
        environment.put("LD_LIBRARY_PATH", Clips.NO_DEVICES.toString());
        environment.put("V4L2_DEVICE", path.toString());
        environment.put("V4L2_CONTROL", control.toString());
        if (jpeg != null) {
            environment.put("V4L2_JPEG", jpeg.toString());
        }
        be(State.MOVING);
    }

    /** A webcam that makes raw pictures. */
    static V4l2Device raw(Path directory, Path library) {
        return new V4l2Device(directory, library, null);
    }

    /** A webcam that makes JPEGs, always this one. */
    static V4l2Device jpeg(Path directory, Path library, Path jpeg) {
        return new V4l2Device(directory, library, jpeg);
    }

    /**
     * The library for devices; without a C compiler the calling test is skipped, or fails where assets are required.
     */
    static Path build(Path directory) throws IOException, InterruptedException {
        Path library = directory.resolve("v4l2_device.so");
        Path log = directory.resolve("cc.log");
        Process compiler = compiler(library, log);
        if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
            compiler.destroyForcibly();
            throw new AssertionFailedError(Files.readString(log));
        }
        return library;
    }

    private static Process compiler(Path library, Path log) {
        List<String> command = List.of("cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o");
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
            builder.command().addAll(List.of(library.toString(), SOURCE.toString()));
            return builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            String message = "no C compiler (cc) to make a webcam with";
            if ("1".equals(System.getenv("PASEO_REQUIRE_ASSETS"))) {
                throw new AssertionFailedError(message, e);
            }
            throw new TestAbortedException(message, e);
        }
    }

    Path path() {
        return path;
    }

    String url() {
        return "v4l2:" + path;
    }

    /** What a process needs to find it. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Has its processes look for libraries there first. */
    V4l2Device withLibrariesFrom(Path libraries) {
        environment.put("LD_LIBRARY_PATH", libraries.toString());
        return this;
    }

    /** From now on it is so. */
    void be(State state) {
        try {
            Path next = control.resolveSibling("control.next");
            Files.writeString(next, state.name().toLowerCase(Locale.ROOT));
            Files.move(next, control, ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
