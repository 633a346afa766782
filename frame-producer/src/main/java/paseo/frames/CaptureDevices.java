package paseo.frames;

import static org.bytedeco.ffmpeg.presets.avutil.*;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.ffmpeg.global.avdevice;

/**
 * Cameras of this machine, and FFmpeg's library for them. It is linked to libraries for sound and screens that a small
 * installation lacks, so it is loaded only where such a camera is asked for.
 */
final class CaptureDevices {
    /** Linux's numbers of errors that FFmpeg's bindings have no name for. */
    private static final int BUSY = -16;

    private static final int IS_DIRECTORY = -21;
    private static final int NO_SUCH_CALL = -25;

    private static boolean loaded;

    private CaptureDevices() {}

    /** @throws VideoException if the library cannot be loaded; says what to install */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            avdevice.avdevice_register_all();
            loaded = true;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new VideoException(
                    "needs libraries that are missing here; on Debian: apt install libasound2 libpulse0 libxcb-shm0",
                    e);
        }
    }

    /** Whether there is a device that we may use, should nobody else. */
    static boolean opens(String path) {
        try (FileChannel device = FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return device.isOpen();
        } catch (IOException | InvalidPathException e) {
            // It says no; why, the real attempt finds out.
            return false;
        }
    }

    /** Words for what a device answered, which name it. */
    static String describe(String path, int code) {
        if (code == AVERROR_ENOENT()) {
            return "there is no " + path;
        }
        if (code == AVERROR_ENODEV() || code == AVERROR_ENXIO()) {
            return "there is no camera behind " + path;
        }
        if (code == AVERROR_EACCES() || code == AVERROR_EPERM()) {
            return "this user may not read and write " + path + "; on Debian the group video may";
        }
        return switch (code) {
            case BUSY -> path + " is used by another program";
            case NO_SUCH_CALL, IS_DIRECTORY -> path + " is no webcam";
            default -> path + ": " + FfmpegErrors.describe(code);
        };
    }
}
