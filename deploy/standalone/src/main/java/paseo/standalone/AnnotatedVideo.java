package paseo.standalone;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.jspecify.annotations.Nullable;
import paseo.events.Source;
import paseo.frames.DecodedFrame;
import paseo.frames.VideoException;
import paseo.frames.VideoFile;

/** A copy of a video with a box around every face and the number of its person, in the person's colour. */
final class AnnotatedVideo {
    /** Enough for a sharp copy: bits for a pixel of a frame. */
    private static final double BITS_PER_PIXEL = 0.15;

    private static final int LEAST_BITS_PER_SECOND = 800_000;
    private static final double UNKNOWN_FRAME_RATE = 25;
    /** One dot of the letters and one pixel of a box's line for each so many lines of the picture. */
    private static final int LINES_PER_DOT = 200;

    /** H.264 of the LGPL build; MPEG-4 part 2 for pictures that are too large for it. */
    private static final List<String> ENCODERS = List.of("libopenh264", "mpeg4");

    /**
     * A face to be drawn.
     *
     * @param x left edge, pixels of the upright source picture
     * @param y upper edge
     * @param width of the box
     * @param height of the box
     * @param person 0 for nobody
     */
    record Mark(double x, double y, double width, double height, long person) {}

    /**
     * Which frames were looked at; the others have the marks of the last one that was.
     *
     * @param fps looked at in a second, all when empty
     * @param every one of so many of those
     */
    record Sampling(OptionalDouble fps, int every) {
        /** All of them. */
        static final Sampling EVERY_FRAME = new Sampling(OptionalDouble.empty(), 1);

        /** Frames of a video from one that was looked at to the next, at most. */
        long frames(double frameRate) {
            double taken = fps.isPresent() ? Math.max(1, Math.ceil(frameRate / fps.getAsDouble())) : 1;
            return (long) (taken * every);
        }
    }

    private AnnotatedVideo() {}

    /**
     * Writes the copy; a video that breaks off gives one that ends there.
     *
     * @param video what to copy
     * @param target an mp4, replaced when it exists
     * @param marks by frame number
     * @param sampling of the run that found them
     * @param check asked before each frame: what it throws ends the copy, of which nothing is left
     * @throws Refusal if the video cannot be opened or the copy cannot be written
     */
    static void write(Path video, Path target, Map<Long, List<Mark>> marks, Sampling sampling, Runnable check) {
        Path partial = target.resolveSibling(target.getFileName() + ".part");
        try (VideoFile file = VideoFile.open(video)) {
            Path parent = target.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                copy(file, partial, marks, sampling, check);
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (VideoException e) {
            throw Refusal.failed("cannot annotate " + video + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw cannotWrite(target, DataDirectory.reason(e), e);
        }
    }

    private static Refusal cannotWrite(Path target, String reason, Exception cause) {
        return Refusal.failed("cannot write the annotated video " + target + " (" + reason + ")", cause);
    }

    private static void copy(
            VideoFile file, Path target, Map<Long, List<Mark>> marks, Sampling sampling, Runnable check)
            throws IOException {
        Source source = file.source();
        double rate = source.frameRate() > 0 ? source.frameRate() : UNKNOWN_FRAME_RATE;
        try (FFmpegFrameRecorder recorder = start(target, source, rate);
                // 4:2:0 halves the colours in both directions: an odd last row or column is cut off.
                Frame picture = new Frame(
                        even(source.width()), even(source.height()), Frame.DEPTH_UBYTE, 3, source.width() * 3)) {
            int last = -1;
            List<Mark> shown = List.of();
            long shownUntil = 0;
            for (DecodedFrame frame = next(file); frame != null; frame = next(file)) {
                check.run();
                byte[] bgr = frame.toBgr(source.width(), source.height());
                List<Mark> found = marks.get(frame.number());
                if (found != null) {
                    shown = found;
                    shownUntil = frame.number() + sampling.frames(rate);
                }
                draw(bgr, source, frame.number() < shownUntil ? shown : List.of());
                ByteBuffer pixels = (ByteBuffer) picture.image[0];
                pixels.clear().put(bgr, 0, Math.min(bgr.length, pixels.capacity()));
                pixels.flip();
                last = Math.max(last + 1, (int) Math.round(frame.captureTimeMicros() * rate / 1e6));
                recorder.setFrameNumber(last);
                recorder.record(picture, AV_PIX_FMT_BGR24);
            }
        } catch (FFmpegFrameRecorder.Exception e) {
            throw cannotWrite(target, reason(e), e);
        }
    }

    /** JavaCV's message without the function's name in front and the advice for programmers behind. */
    private static String reason(FFmpegFrameRecorder.Exception e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^\\w+\\(\\) error(?:\\(\\))? (-?\\d+):? ", "error $1: ")
                .replaceFirst(" ?\\(For more details, .*", "");
    }

    /** Where a video breaks off is the run's to report; the copy is what there is of it. */
    private static @Nullable DecodedFrame next(VideoFile file) {
        try {
            return file.next();
        } catch (VideoException e) {
            return null;
        }
    }

    private static FFmpegFrameRecorder start(Path target, Source source, double rate)
            throws FFmpegFrameRecorder.Exception {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
        for (String encoder : ENCODERS) {
            FFmpegFrameRecorder recorder =
                    new FFmpegFrameRecorder(target.toFile(), even(source.width()), even(source.height()), 0);
            recorder.setFormat("mp4");
            recorder.setOption("movflags", "+faststart");
            recorder.setVideoCodecName(encoder);
            recorder.setPixelFormat(AV_PIX_FMT_YUV420P);
            recorder.setFrameRate(rate);
            recorder.setVideoBitrate((int) Math.min(
                    Integer.MAX_VALUE,
                    Math.max(
                            LEAST_BITS_PER_SECOND, (double) source.width() * source.height() * rate * BITS_PER_PIXEL)));
            try {
                recorder.start();
                return recorder;
            } catch (FFmpegFrameRecorder.Exception e) {
                recorder.release();
                if (encoder.equals(ENCODERS.get(ENCODERS.size() - 1))) {
                    throw e;
                }
            }
        }
        throw new AssertionError("there is no encoder to try");
    }

    private static void draw(byte[] bgr, Source source, List<Mark> marks) {
        Canvas canvas = new Canvas(bgr, source.width(), source.height());
        int scale = Math.max(1, Math.min(source.width(), source.height()) / LINES_PER_DOT);
        for (Mark mark : marks) {
            PersonColour colour = PersonColour.of(mark.person());
            int x = (int) Math.round(mark.x());
            int y = (int) Math.round(mark.y());
            canvas.box(x, y, (int) Math.round(mark.width()), (int) Math.round(mark.height()), scale + 1, colour);
            if (mark.person() > 0) {
                canvas.label("person " + mark.person(), x, y, scale, colour);
            }
        }
    }

    private static int even(int size) {
        return Math.max(2, size & ~1);
    }
}
