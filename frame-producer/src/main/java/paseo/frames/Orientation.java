package paseo.frames;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.javacpp.BytePointer;

/**
 * How a stored picture becomes upright: first x and y are exchanged, then the result is mirrored.
 *
 * @param transpose whether x and y are exchanged
 * @param flipX whether the upright picture is the other way round from left to right
 * @param flipY whether the upright picture is the other way round from top to bottom
 */
record Orientation(boolean transpose, boolean flipX, boolean flipY) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int MATRIX_BYTES = 9 * Integer.BYTES;
    private static final int TILE = 32;

    /** The orientation in a stream's display matrix; upright when it has none. */
    static Orientation of(AVCodecParameters parameters) {
        if (parameters.nb_coded_side_data() == 0) {
            return UPRIGHT;
        }
        AVPacketSideData side = av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        if (side == null || side.isNull() || side.size() < MATRIX_BYTES) {
            return UPRIGHT;
        }
        IntBuffer matrix = new BytePointer(side.data())
                .capacity(MATRIX_BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
    }

    /**
     * Of the matrix that maps (x, y) to (ax + cy, bx + dy), rounded to whole quarter turns.
     *
     * @see <a href="https://ffmpeg.org/doxygen/trunk/group__lavu__video__display.html">FFmpeg's display matrix</a>
     */
    static Orientation of(int a, int b, int c, int d) {
        boolean transpose = Math.abs((long) b) + Math.abs((long) c) > Math.abs((long) a) + Math.abs((long) d);
        return transpose ? new Orientation(true, c < 0, b < 0) : new Orientation(false, a < 0, d < 0);
    }

    boolean upright() {
        return equals(UPRIGHT);
    }

    /** Width of the upright picture. */
    int width(int storedWidth, int storedHeight) {
        return transpose ? storedHeight : storedWidth;
    }

    /** Height of the upright picture. */
    int height(int storedWidth, int storedHeight) {
        return transpose ? storedWidth : storedHeight;
    }

    /**
     * Turns one plane of bytes upright.
     *
     * @param stored rows without gaps
     * @param width of the stored plane in pixels
     * @param height of the stored plane in pixels
     * @param pixelBytes bytes per pixel
     * @return rows of the upright plane without gaps
     */
    byte[] apply(byte[] stored, int width, int height, int pixelBytes) {
        byte[] upright = new byte[stored.length];
        int stepX = pixelBytes * (transpose ? width(width, height) : 1) * sign(transpose ? flipY : flipX);
        int stepY = pixelBytes * (transpose ? 1 : width) * sign(transpose ? flipX : flipY);
        int start = pixelBytes
                * ((flipX ? width(width, height) - 1 : 0)
                        + (flipY ? (height(width, height) - 1) * width(width, height) : 0));
        // In tiles, because a transposed row is a column: row by row every byte would be its own cache line.
        for (int top = 0; top < height; top += TILE) {
            for (int left = 0; left < width; left += TILE) {
                for (int y = top; y < Math.min(height, top + TILE); y++) {
                    int from = (y * width + left) * pixelBytes;
                    int to = start + left * stepX + y * stepY;
                    for (int x = left; x < Math.min(width, left + TILE); x++) {
                        for (int i = 0; i < pixelBytes; i++) {
                            upright[to + i] = stored[from + i];
                        }
                        from += pixelBytes;
                        to += stepX;
                    }
                }
            }
        }
        return upright;
    }

    private static int sign(boolean negative) {
        return negative ? -1 : 1;
    }
}
