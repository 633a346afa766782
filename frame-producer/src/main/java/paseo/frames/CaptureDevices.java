package paseo.frames;

import org.bytedeco.ffmpeg.global.avdevice;

/**
 * FFmpeg's library for cameras of this machine. It is linked to libraries for sound and screens that a small
 * installation lacks, so it is loaded only where such a camera is asked for.
 */
final class CaptureDevices {
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
}
