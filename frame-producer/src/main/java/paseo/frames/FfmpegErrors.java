package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** Words for FFmpeg's error codes. */
final class FfmpegErrors {
    private static final int LENGTH = 128;

    private FfmpegErrors() {}

    static String describe(int code) {
        byte[] text = new byte[LENGTH];
        av_strerror(code, text, LENGTH);
        int end = 0;
        while (end < LENGTH && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }
}
