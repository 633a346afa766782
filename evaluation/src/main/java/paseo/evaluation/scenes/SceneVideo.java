package paseo.evaluation.scenes;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/** An H.264 file being written, on one thread so that its bytes do not depend on the machine's cores. */
final class SceneVideo implements AutoCloseable {
    private final FFmpegFrameRecorder recorder;
    private final Frame frame;

    /** @throws IOException if it cannot be created */
    SceneVideo(Path file, SceneSettings settings) throws IOException {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        this.recorder = new FFmpegFrameRecorder(file.toFile(), settings.width(), settings.height(), 0);
        this.frame = new Frame(settings.width(), settings.height(), Frame.DEPTH_UBYTE, 3, settings.width() * 3);
        recorder.setFormat("mp4");
        recorder.setOption("movflags", "+faststart");
        recorder.setVideoCodecName("libopenh264");
        recorder.setVideoOption("threads", "1");
        recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(settings.framesPerSecond());
        recorder.setVideoBitrate((int) (settings.width()
                * settings.height()
                * settings.framesPerSecond()
                * settings.degradation().bitsPerPixel()));
        try {
            recorder.start();
        } catch (FFmpegFrameRecorder.Exception e) {
            frame.close();
            recorder.release();
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    void add(Picture picture) throws IOException {
        ByteBuffer pixels = (ByteBuffer) frame.image[0];
        pixels.clear().put(picture.bgr).flip();
        recorder.record(frame, AV_PIX_FMT_BGR24);
    }

    @Override
    public void close() throws IOException {
        try (frame) {
            recorder.close();
        }
    }
}
