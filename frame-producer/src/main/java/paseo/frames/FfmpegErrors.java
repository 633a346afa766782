package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import org.bytedeco.javacpp.BytePointer;

/** Words for FFmpeg's error codes. */
final class FfmpegErrors {
    private static final int LENGTH = 128;

    private FfmpegErrors() {}

    static String describe(int code) {
        try (BytePointer text = new BytePointer(LENGTH)) {
            av_strerror(code, text, LENGTH);
            return text.getString();
        }
    }
}
