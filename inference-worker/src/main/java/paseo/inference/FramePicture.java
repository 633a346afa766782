package paseo.inference;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * A picture in the planes that a decoder made: the detector's copy is scaled straight from them, and full-size pixels
 * are made only when there is a face to cut out.
 */
final class FramePicture implements Picture, AutoCloseable {
    private final PixelScaler toDetector = new PixelScaler();
    private final PixelScaler toFull = new PixelScaler();
    private ByteBuffer pixels = ByteBuffer.allocateDirect(0);
    private @Nullable AVFrame frame;
    private @Nullable BgrImage full;

    /** Takes a picture, which stays the caller's; it becomes this. */
    FramePicture of(AVFrame taken) {
        full = null;
        frame = taken;
        return this;
    }

    private AVFrame frame() {
        if (frame == null) {
            throw new IllegalStateException("there is no picture yet");
        }
        return frame;
    }

    @Override
    public int width() {
        return frame().width();
    }

    @Override
    public int height() {
        return frame().height();
    }

    @Override
    public void scaleTo(Letterbox box, boolean blueFirst, ByteBuffer planes) {
        toDetector.toPlanes(frame(), box, blueFirst, planes);
    }

    @Override
    public BgrImage full() {
        BgrImage made = full;
        if (made == null) {
            pixels = PixelScaler.grown(pixels, width(), height());
            toFull.toBgr(frame(), pixels, width(), height());
            made = new BgrImage(pixels, width(), height());
            full = made;
        }
        return made;
    }

    @Override
    public void close() {
        toDetector.close();
        toFull.close();
    }
}
