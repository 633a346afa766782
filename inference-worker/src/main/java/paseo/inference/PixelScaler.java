package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GBRP;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales pictures and converts their pixels, with FFmpeg's swscale: area averages downwards, bilinear upwards. One
 * scaler serves one pair of sizes well, since it keeps its tables while the sizes stay the same. For one thread.
 */
final class PixelScaler implements AutoCloseable {
    /** Bytes beyond the last row that vector instructions may touch. */
    static final int SPARE = 64;

    private static final int ONE = 1 << 16;

    /** Pixels that swscale's fast loops convert at a time. */
    private static final int STEP = 16;

    private final PointerPointer<BytePointer> from = new PointerPointer<>(4);
    private final PointerPointer<BytePointer> to = new PointerPointer<>(4);
    private final IntPointer fromStrides = new IntPointer(4);
    private final IntPointer toStrides = new IntPointer(4);
    private @Nullable Conversion current;
    private @Nullable SwsContext context;

    /** A pair of pictures; matrix and range are those of the first, in FFmpeg's numbers. */
    private record Conversion(
            int fromWidth,
            int fromHeight,
            int fromFormat,
            int matrix,
            boolean fullRange,
            int width,
            int height,
            int format) {}

    /** Bytes that a buffer for blue, green, red pixels must have. */
    static int bytes(int width, int height) {
        return Math.addExact(Math.multiplyExact(Math.multiplyExact(width, height), 3), SPARE);
    }

    /** A direct buffer that fits, the given one if it does. */
    static ByteBuffer grown(ByteBuffer buffer, int width, int height) {
        int bytes = bytes(width, height);
        return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(bytes);
    }

    /** From any frame of FFmpeg's to blue, green, red. */
    void toBgr(AVFrame frame, ByteBuffer bgr, int width, int height) {
        from(frame);
        to.put(0, new BytePointer(bgr).position(0));
        toStrides.put(0, width * 3);
        scale(conversion(frame, width, height, AV_PIX_FMT_BGR24));
    }

    /**
     * From any frame of FFmpeg's to a detector's input, see {@link #toPlanes(BgrImage, Letterbox, boolean,
     * ByteBuffer)}.
     */
    void toPlanes(AVFrame frame, Letterbox box, boolean blueFirst, ByteBuffer planes) {
        from(frame);
        toPlanes(conversion(frame, box.width(), box.height(), AV_PIX_FMT_GBRP), box, blueFirst, planes);
    }

    /**
     * From blue, green, red to a detector's input: a plane of bytes per colour, the picture at the top left, black
     * elsewhere.
     *
     * @param blueFirst whether the planes are blue, green, red and not red, green, blue
     * @param planes direct, at least as many bytes as the input has
     */
    void toPlanes(BgrImage picture, Letterbox box, boolean blueFirst, ByteBuffer planes) {
        from.put(0, new BytePointer(picture.bgr()).position(0));
        fromStrides.put(0, picture.width() * 3);
        Conversion conversion = new Conversion(
                picture.width(),
                picture.height(),
                AV_PIX_FMT_BGR24,
                AVCOL_SPC_UNSPECIFIED,
                true,
                box.width(),
                box.height(),
                AV_PIX_FMT_GBRP);
        toPlanes(conversion, box, blueFirst, planes);
    }

    private void from(AVFrame frame) {
        for (int plane = 0; plane < 4; plane++) {
            from.put(plane, frame.data(plane));
            fromStrides.put(plane, frame.linesize(plane));
        }
    }

    private static Conversion conversion(AVFrame frame, int width, int height, int format) {
        return new Conversion(
                frame.width(),
                frame.height(),
                frame.format(),
                frame.colorspace(),
                frame.format() == AV_PIX_FMT_YUVJ420P || frame.color_range() == AVCOL_RANGE_JPEG,
                width,
                height,
                format);
    }

    private void toPlanes(Conversion conversion, Letterbox box, boolean blueFirst, ByteBuffer planes) {
        int size = box.inputWidth() * box.inputHeight();
        // FFmpeg's order is green, blue, red.
        int[] places = {1, blueFirst ? 0 : 2, blueFirst ? 2 : 0};
        for (int plane = 0; plane < places.length; plane++) {
            to.put(plane, new BytePointer(planes).position((long) places[plane] * size));
            toStrides.put(plane, box.inputWidth());
        }
        scale(conversion);
        blacken(box, planes);
    }

    /** What is beside and below the picture; vector instructions may have written a little of it. */
    private static void blacken(Letterbox box, ByteBuffer planes) {
        int width = box.inputWidth();
        byte[] black = new byte[width];
        for (int row = 0; row < 3 * box.inputHeight(); row++) {
            int picture = row % box.inputHeight() < box.height() ? box.width() : 0;
            planes.put(row * width + picture, black, 0, width - picture);
        }
    }

    private void scale(Conversion wanted) {
        SwsContext scaler = context;
        if (scaler == null || !wanted.equals(current)) {
            scaler = open(wanted);
        }
        sws_scale(scaler, from, fromStrides, 0, wanted.fromHeight, to, toStrides);
    }

    /**
     * Without the flags of accuracy YUV of the same size is converted by loops that go in steps. Where a row is not a
     * multiple of them, some give its last columns up, rather than write beyond it: these keep what was there before.
     */
    private static boolean leavesColumnsOut(Conversion wanted) {
        int rest = wanted.width % STEP;
        return rest > 0 && rest <= (wanted.format == AV_PIX_FMT_GBRP ? STEP / 2 : STEP / 2 - 1);
    }

    private SwsContext open(Conversion wanted) {
        sws_freeContext(context);
        context = null;
        boolean sameSize = wanted.fromWidth == wanted.width && wanted.fromHeight == wanted.height;
        int flags = wanted.width < wanted.fromWidth ? SWS_AREA : SWS_BILINEAR;
        if (!sameSize || leavesColumnsOut(wanted)) {
            flags |= SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT;
        }
        SwsContext opened = sws_getContext(
                wanted.fromWidth,
                wanted.fromHeight,
                wanted.fromFormat,
                wanted.width,
                wanted.height,
                wanted.format,
                flags,
                null,
                null,
                (DoublePointer) null);
        if (opened == null) {
            throw new UnreadablePictureException(
                    "pixels of FFmpeg's format " + wanted.fromFormat + " cannot be converted");
        }
        if (wanted.fromFormat != AV_PIX_FMT_BGR24) {
            // An unknown matrix is taken as BT.601, as the frame producer does.
            IntPointer coefficients = sws_getCoefficients(wanted.matrix);
            IntPointer rgb = sws_getCoefficients(SWS_CS_ITU601);
            sws_setColorspaceDetails(opened, coefficients, wanted.fullRange ? 1 : 0, rgb, 1, 0, ONE, ONE);
        }
        context = opened;
        current = wanted;
        return opened;
    }

    @Override
    public void close() {
        sws_freeContext(context);
        context = null;
        current = null;
        from.close();
        to.close();
        fromStrides.close();
        toStrides.close();
    }
}
