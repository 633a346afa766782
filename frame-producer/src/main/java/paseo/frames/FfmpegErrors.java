package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EINVAL;

import java.nio.charset.StandardCharsets;

/** Words for FFmpeg's error codes. */
final class FfmpegErrors {
    private static final int LENGTH = 128;
    /** FFmpeg's own codes are four letters, and far below. */
    private static final int LEAST_ERRNO = -4095;

    private FfmpegErrors() {}

    /** Whether what failed was the machine, a disk perhaps, and not what it read: the same may go well another time. */
    static boolean ofTheMachine(int code) {
        // Demuxers say "invalid argument" of contents, too.
        return code == AVERROR_EXIT || (code < 0 && code >= LEAST_ERRNO && code != AVERROR_EINVAL());
    }

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
