package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.*;
import static org.bytedeco.ffmpeg.global.swscale.*;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales pictures and changes their pixel format, colour matrix and range. The geometry is always the frame's: a
 * damaged stream changes it on the way, and the codec context's is then another.
 *
 * <p>YUV comes out as JPEG wants it: BT.601, full range. Colours of unknown matrix are taken as BT.601, as FFmpeg and
 * OpenCV do. Not thread-safe.
 */
final class PictureConverter implements AutoCloseable {
    private static final int ONE = 1 << 16;

    private @Nullable Conversion current;
    private @Nullable SwsContext context;
    private @Nullable AVFrame target;

    private record Conversion(
            int width, int height, int format, boolean full, int matrix, int toWidth, int toHeight, int toFormat) {}

    /**
     * Converts a picture.
     *
     * @return the converted picture; belongs to this converter and is overwritten by the next conversion
     */
    AVFrame convert(AVFrame source, int width, int height, int format) {
        Conversion wanted = new Conversion(
                source.width(),
                source.height(),
                source.format(),
                fullRange(source),
                source.colorspace(),
                width,
                height,
                format);
        if (!wanted.equals(current)) {
            close();
            open(wanted);
        }
        SwsContext scaler = present(context);
        AVFrame picture = present(target);
        int rows = sws_scale(
                scaler,
                new PointerPointer<>(source),
                source.linesize(),
                0,
                source.height(),
                new PointerPointer<>(picture),
                picture.linesize());
        if (rows != height) {
            throw new IllegalStateException("cannot convert a picture: " + wanted);
        }
        return picture;
    }

    /** Whether the picture's YUV values use all of 0–255. */
    static boolean fullRange(AVFrame frame) {
        return switch (frame.format()) {
            case AV_PIX_FMT_YUVJ420P,
                    AV_PIX_FMT_YUVJ422P,
                    AV_PIX_FMT_YUVJ444P,
                    AV_PIX_FMT_YUVJ440P,
                    AV_PIX_FMT_YUVJ411P -> true;
            default -> frame.color_range() == AVCOL_RANGE_JPEG;
        };
    }

    /** Whether the picture's colour matrix is JPEG's own, BT.601, or taken as such. */
    static boolean jpegMatrix(AVFrame frame) {
        int matrix = frame.colorspace();
        return matrix == AVCOL_SPC_UNSPECIFIED || matrix == AVCOL_SPC_BT470BG || matrix == AVCOL_SPC_SMPTE170M;
    }

    private void open(Conversion wanted) {
        boolean sameSize = wanted.width == wanted.toWidth && wanted.height == wanted.toHeight;
        SwsContext scaler = sws_getContext(
                wanted.width,
                wanted.height,
                wanted.format,
                wanted.toWidth,
                wanted.toHeight,
                wanted.toFormat,
                sameSize ? SWS_POINT : SWS_BILINEAR,
                null,
                null,
                (DoublePointer) null);
        if (scaler == null) {
            throw new IllegalStateException("cannot convert a picture: " + wanted);
        }
        context = scaler;
        IntPointer from = sws_getCoefficients(wanted.matrix);
        IntPointer to = sws_getCoefficients(SWS_CS_ITU601);
        sws_setColorspaceDetails(scaler, from, wanted.full ? 1 : 0, to, 1, 0, ONE, ONE);
        AVFrame picture = av_frame_alloc();
        target = picture;
        picture.width(wanted.toWidth);
        picture.height(wanted.toHeight);
        picture.format(wanted.toFormat);
        picture.color_range(AVCOL_RANGE_JPEG);
        if (av_frame_get_buffer(picture, 0) < 0) {
            throw new OutOfMemoryError("no memory for a picture of " + wanted.toWidth + "x" + wanted.toHeight);
        }
        current = wanted;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the converter is not open");
        }
        return value;
    }

    @Override
    public void close() {
        current = null;
        if (context != null) {
            sws_freeContext(context);
            context = null;
        }
        if (target != null) {
            av_frame_free(target);
            target = null;
        }
    }
}
