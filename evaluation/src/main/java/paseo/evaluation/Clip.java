package paseo.evaluation;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.jspecify.annotations.Nullable;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;

/**
 * Test video of a given size and length, made from another one: its frames enlarged and repeated. Each has its number
 * in the corner, as cameras write the time into theirs: a camera that shows the same pictures again is taken for a
 * server that plays a file, of which one picture a second is enough.
 */
final class Clip {
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int FRAME_RATE = 25;
    private static final int BITS_PER_SECOND = 5_000_000;

    /** Side of a square, black or white, that shows one bit of a frame's number; pixels. */
    private static final int BIT = 40;

    private static final int BITS = 16;

    private Clip() {}

    /**
     * Writes 1080p H.264 at 25 frames/s and 5 Mbit/s.
     *
     * @param source a video to take the frames from, from its start again when it ends
     * @param frames how many
     */
    static void write(Path source, int frames, Path target) throws IOException {
        write(source, frames, FRAME_RATE, "mp4", target);
    }

    /**
     * Writes 1080p H.264 at 5 Mbit/s.
     *
     * @param frameRate frames a second
     * @param format FFmpeg's name: mp4, or h264 for a bare stream as cameras send it
     */
    static void write(Path source, int frames, int frameRate, String format, Path target) throws IOException {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(target.toFile(), WIDTH, HEIGHT, 0);
                Frame picture = new Frame(WIDTH, HEIGHT, Frame.DEPTH_UBYTE, 3, WIDTH * 3)) {
            recorder.setFormat(format);
            recorder.setVideoCodecName("libopenh264");
            recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
            recorder.setFrameRate(frameRate);
            recorder.setGopSize(frameRate);
            recorder.setVideoBitrate(BITS_PER_SECOND);
            recorder.start();
            int written = 0;
            while (written < frames) {
                written += append(source, written, frames - written, recorder, picture);
            }
        }
    }

    private static int append(Path source, int first, int atMost, FFmpegFrameRecorder recorder, Frame picture)
            throws IOException {
        int written = 0;
        try (VideoFile file = VideoFile.open(source)) {
            @Nullable DecodedFrame frame = file.next();
            if (frame == null) {
                throw new IOException(source + " has no frame to make a clip of");
            }
            for (; frame != null && written < atMost; frame = file.next()) {
                ByteBuffer pixels = (ByteBuffer) picture.image[0];
                pixels.clear();
                frame.toBgr(pixels, WIDTH, HEIGHT);
                pixels.flip();
                number(pixels, first + written);
                recorder.record(picture, AV_PIX_FMT_BGR24);
                written++;
            }
        }
        return written;
    }

    /** Writes a frame's number into the lower left corner. */
    private static void number(ByteBuffer bgr, int number) {
        byte[] row = new byte[BITS * BIT * 3];
        for (int bit = 0; bit < BITS; bit++) {
            Arrays.fill(row, bit * BIT * 3, (bit + 1) * BIT * 3, (byte) ((number >> bit & 1) * 255));
        }
        for (int y = HEIGHT - BIT; y < HEIGHT; y++) {
            bgr.put(y * WIDTH * 3, row);
        }
    }
}
