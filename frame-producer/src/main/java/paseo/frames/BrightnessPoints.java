package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.*;

import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** The brightness of 64 × 36 points spread evenly over a picture, whatever the order of its bytes. */
final class BrightnessPoints {
    static final int ACROSS = 64;
    static final int DOWN = 36;

    /** Formats in which brightness is not a number of whole bytes at a fixed distance. */
    private static final int UNREADABLE =
            AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_FLOAT;

    private static final int GREEN = 1;

    private BrightnessPoints() {}

    /** Levels of 0 to 255 row by row: Y, or of RGB the green; null for formats that have no such number. */
    static byte @Nullable [] of(AVFrame picture) {
        AVPixFmtDescriptor format = av_pix_fmt_desc_get(picture.format());
        if (format == null || (format.flags() & UNREADABLE) != 0) {
            return null;
        }
        AVComponentDescriptor part = format.comp((format.flags() & AV_PIX_FMT_FLAG_RGB) != 0 ? GREEN : 0);
        BytePointer plane = picture.data(part.plane());
        int stride = picture.linesize(part.plane());
        int bits = part.shift() + part.depth();
        if (plane == null || stride <= 0 || bits < Byte.SIZE || bits > Short.SIZE) {
            return null;
        }
        boolean wide = bits > Byte.SIZE;
        boolean bigEndian = (format.flags() & AV_PIX_FMT_FLAG_BE) != 0;
        byte[] points = new byte[ACROSS * DOWN];
        int at = 0;
        for (int row = 0; row < DOWN; row++) {
            long line = (2L * row + 1) * picture.height() / (2 * DOWN) * stride + part.offset();
            for (int column = 0; column < ACROSS; column++) {
                long place = line + (2L * column + 1) * picture.width() / (2 * ACROSS) * part.step();
                int first = plane.get(place) & 0xFF;
                int value = first;
                if (wide) {
                    int second = plane.get(place + 1) & 0xFF;
                    value = bigEndian ? first << Byte.SIZE | second : second << Byte.SIZE | first;
                }
                points[at++] = (byte) (value >> (bits - Byte.SIZE));
            }
        }
        return points;
    }
}
