package paseo.frames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.javacpp.Loader;

/** Makes the clips that the tests decode, with the FFmpeg program that comes with the library. */
final class Clips {
    static {
        // The program needs libraries that are unpacked with these.
        Loader.load(avdevice.class);
    }

    private Clips() {}

    /** Runs {@code ffmpeg ARGUMENTS FILE}; arguments are separated by spaces. */
    static Path make(Path file, String arguments) {
        String program = Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(List.of("-hide_banner", "-nostdin", "-loglevel", "error", "-y"));
        command.addAll(List.of(arguments.split(" ")));
        command.add(file.toString());
        try {
            Path log = Files.createTempFile("clips", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment()
                    .put("LD_LIBRARY_PATH", Path.of(program).resolveSibling("").toString());
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + " failed: " + Files.readString(log));
            }
            Files.delete(log);
            return file;
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
