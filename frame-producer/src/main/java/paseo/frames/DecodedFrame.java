package paseo.frames;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * One decoded frame of a {@link VideoFile}, valid until the file's next frame is asked for. Whatever comes out of it is
 * upright. Not thread-safe.
 */
public final class DecodedFrame {
    private static final int BGR_BYTES = 3;

    private final AVFrame picture;
    private final Orientation orientation;
    private final PictureConverter converter;
    private final long number;
    private final long captureTimeMicros;
    private boolean expired;

    DecodedFrame(
            AVFrame picture, Orientation orientation, PictureConverter converter, long number, long captureTimeMicros) {
        this.picture = picture;
        this.orientation = orientation;
        this.converter = converter;
        this.number = number;
        this.captureTimeMicros = captureTimeMicros;
    }

    /** Place in the order of showing, from 0. */
    public long number() {
        return number;
    }

    /** Presentation time from the file's start in microseconds; greater than that of the frame before. */
    public long captureTimeMicros() {
        return captureTimeMicros;
    }

    /** Pixels of the upright picture. A damaged stream may change it from frame to frame. */
    public int width() {
        return orientation.width(picture().width(), picture().height());
    }

    /** Pixels of the upright picture. */
    public int height() {
        return orientation.height(picture().width(), picture().height());
    }

    /** The whole picture: rows from the top without gaps, three bytes per pixel, blue first. */
    public byte[] toBgr() {
        return toBgr(width(), height());
    }

    /** The picture scaled to a size: rows from the top without gaps, three bytes per pixel, blue first. */
    public byte[] toBgr(int width, int height) {
        boolean transpose = orientation.transpose();
        int storedWidth = transpose ? height : width;
        int storedHeight = transpose ? width : height;
        AVFrame bgr = converter.convert(picture(), storedWidth, storedHeight, AV_PIX_FMT_BGR24);
        byte[] stored = Planes.read(bgr, 0, storedWidth * BGR_BYTES, storedHeight);
        return orientation.upright() ? stored : orientation.apply(stored, storedWidth, storedHeight, BGR_BYTES);
    }

    /**
     * Puts the picture, scaled to a size, into a buffer at its position, which moves on.
     *
     * @param target with at least width × height × 3 bytes left
     */
    public void toBgr(ByteBuffer target, int width, int height) {
        target.put(toBgr(width, height));
    }

    /** The picture as it is stored, not turned. */
    AVFrame picture() {
        if (expired) {
            throw new IllegalStateException("frame " + number + " is no longer valid: the file has moved on");
        }
        return picture;
    }

    Orientation orientation() {
        return orientation;
    }

    void expire() {
        expired = true;
    }
}
