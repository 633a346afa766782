package paseo.evaluation;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.jspecify.annotations.Nullable;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;

/** Test video of a given size and length, made from another one: its frames enlarged and repeated. */
final class Clip {
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int FRAME_RATE = 25;
    private static final int BITS_PER_SECOND = 5_000_000;

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
                written += append(source, frames - written, recorder, picture);
            }
        }
    }

    private static int append(Path source, int atMost, FFmpegFrameRecorder recorder, Frame picture) throws IOException {
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
                recorder.record(picture, AV_PIX_FMT_BGR24);
                written++;
            }
        }
        return written;
    }
}
