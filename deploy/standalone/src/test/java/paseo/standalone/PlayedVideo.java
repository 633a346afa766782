package paseo.standalone;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import paseo.events.Source;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoFile;
import paseo.testing.rtsp.H264Clip;

/** Videos as a lab camera plays them: coded once more, as a camera does, without pictures that refer to later ones. */
final class PlayedVideo {
    private static final int BITS_PER_SECOND = 3_000_000;

    private PlayedVideo() {}

    /** @param scratch a file that is written and may be deleted */
    static H264Clip of(Path video, Path scratch) throws IOException {
        try (VideoFile file = VideoFile.open(video)) {
            Source source = file.source();
            try (FFmpegFrameRecorder recorder =
                            new FFmpegFrameRecorder(scratch.toFile(), source.width(), source.height(), 0);
                    Frame picture =
                            new Frame(source.width(), source.height(), Frame.DEPTH_UBYTE, 3, source.width() * 3)) {
                recorder.setFormat("h264");
                recorder.setVideoCodecName("libopenh264");
                recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
                recorder.setFrameRate(source.frameRate());
                recorder.setGopSize((int) Math.round(source.frameRate()));
                recorder.setVideoBitrate(BITS_PER_SECOND);
                recorder.start();
                for (DecodedFrame frame = file.next(); frame != null; frame = file.next()) {
                    ByteBuffer pixels = (ByteBuffer) picture.image[0];
                    pixels.clear().put(frame.toBgr());
                    pixels.flip();
                    recorder.record(picture, AV_PIX_FMT_BGR24);
                }
            }
            return H264Clip.read(scratch, source.frameRate());
        }
    }
}
