package paseo.frames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import paseo.testing.rtsp.H264Clip;

/** What lab cameras play: longer than a loop that is noticed, small enough for fifty of them. */
final class LabClips {
    static final double FPS = 15;
    static final int SECONDS = 24;

    private LabClips() {}

    /** A moving test picture with a key picture every second. */
    static H264Clip moving(int width, int height) {
        return moving(width, height, (int) FPS, (int) FPS);
    }

    /**
     * A moving test picture, whose pictures don't say how fast they are to be shown.
     *
     * @param keyDistance pictures from one key picture to the next
     */
    static H264Clip moving(int width, int height, int fps, int keyDistance) {
        try {
            Path file = Files.createTempFile("lab", ".h264");
            Clips.make(
                    file,
                    "-f lavfi -i testsrc2=size=" + width + "x" + height + ":rate=" + fps + " -t " + SECONDS
                            + " -pix_fmt yuv420p -c:v libopenh264 -b:v 300k -g " + keyDistance + " -f h264");
            H264Clip clip = H264Clip.read(file, fps);
            Files.delete(file);
            return clip;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
