package paseo.frames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Makes the clips that the tests decode, with the FFmpeg program that comes with the library. */
final class Clips {
    private static final Path PROGRAM = program();
    /** What libavdevice is linked to beside what comes with it and what every Debian has. */
    private static final List<String> DEVICES =
            List.of("libpulse.so.0", "libasound.so.2", "libxcb.so.1", "libxcb-shm.so.0");

    /** Empty libraries of those names, for whom these must be found but do nothing. */
    static final Path NO_DEVICES = noDevices();

    /** Where the program finds its libraries. */
    private static final String LIBRARIES = PROGRAM.resolveSibling("") + ":" + NO_DEVICES;

    private Clips() {}

    /** Runs {@code ffmpeg ARGUMENTS FILE}; arguments are separated by spaces. */
    static Path make(Path file, String arguments) {
        List<String> command =
                new ArrayList<>(List.of(PROGRAM.toString(), "-hide_banner", "-nostdin", "-loglevel", "error", "-y"));
        command.addAll(List.of(arguments.split(" ")));
        command.add(file.toString());
        run(command, LIBRARIES);
        return file;
    }

    /** Unpacked with its libraries, but not loaded: this process would need those of the sound system, too. */
    private static Path program() {
        try {
            Path directory = Loader.cacheResources(
                    org.bytedeco.ffmpeg.ffmpeg.class, "/org/bytedeco/ffmpeg/" + Loader.Detector.getPlatform() + "/")[0]
                    .toPath();
            Path program = directory.resolve("ffmpeg");
            if (!Files.isExecutable(program) && !program.toFile().setExecutable(true)) {
                throw new AssertionError(program + " cannot be made executable");
            }
            return program;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * The program records sound and screens, if asked to, and therefore does not start on a machine without the
     * libraries for that. Nothing here does: empty libraries of those names will do.
     */
    private static Path noDevices() {
        try {
            Path directory = Files.createTempDirectory("no-devices");
            directory.toFile().deleteOnExit();
            for (String name : DEVICES) {
                Path library = directory.resolve(name);
                run(List.of("cc", "-shared", "-o", library.toString(), "-x", "c", "/dev/null"), "");
                library.toFile().deleteOnExit();
            }
            return directory;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(List<String> command, String libraries) {
        try {
            Path log = Files.createTempFile("clips", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().put("LD_LIBRARY_PATH", libraries);
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + " failed: " + Files.readString(log));
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A moving test picture. */
    static Path moving(Path file, int width, int height, int rate, int frames) {
        return make(
                file,
                "-f lavfi -i testsrc2=size=" + width + "x" + height + ":rate=" + rate + " -frames:v " + frames
                        + " -pix_fmt yuv420p -c:v mpeg4 -q:v 5");
    }
}
