package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

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

    private final PointerPointer<BytePointer> from = new PointerPointer<>(4);
    private final PointerPointer<BytePointer> to = new PointerPointer<>(4);
    private final IntPointer fromStrides = new IntPointer(4);
    private final IntPointer toStrides = new IntPointer(4);
    private @Nullable SwsContext context;

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
        for (int plane = 0; plane < 4; plane++) {
            from.put(plane, frame.data(plane));
            fromStrides.put(plane, frame.linesize(plane));
        }
        scale(frame.width(), frame.height(), frame.format(), bgr, width, height);
    }

    /** From blue, green, red to the same in another size. */
    void toBgr(BgrImage picture, ByteBuffer bgr, int width, int height) {
        from.put(0, new BytePointer(picture.bgr()).position(0));
        fromStrides.put(0, picture.width() * 3);
        scale(picture.width(), picture.height(), AV_PIX_FMT_BGR24, bgr, width, height);
    }

    private void scale(int fromWidth, int fromHeight, int format, ByteBuffer bgr, int width, int height) {
        boolean sameSize = fromWidth == width && fromHeight == height;
        int flags = width < fromWidth ? SWS_AREA : SWS_BILINEAR;
        if (!sameSize) {
            flags |= SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT;
        }
        context = sws_getCachedContext(
                context,
                fromWidth,
                fromHeight,
                format,
                width,
                height,
                AV_PIX_FMT_BGR24,
                flags,
                null,
                null,
                (DoublePointer) null);
        if (context == null) {
            throw new UnreadablePictureException("pixels of FFmpeg's format " + format + " cannot be converted");
        }
        to.put(0, new BytePointer(bgr).position(0));
        toStrides.put(0, width * 3);
        sws_scale(context, from, fromStrides, 0, fromHeight, to, toStrides);
    }

    @Override
    public void close() {
        sws_freeContext(context);
        context = null;
        from.close();
        to.close();
        fromStrides.close();
        toStrides.close();
    }
}
