package paseo.inference;

import java.nio.ByteBuffer;

/** Pixels that a caller has. */
final class BgrPicture implements Picture, AutoCloseable {
    private final PixelScaler scaler = new PixelScaler();
    private ByteBuffer copy = ByteBuffer.allocateDirect(0);
    private BgrImage image = new BgrImage(ByteBuffer.allocate(3), 1, 1);

    /** Takes a picture; it becomes this. */
    BgrPicture of(BgrImage taken) {
        int bytes = taken.width() * taken.height() * 3;
        if (taken.bgr().isDirect() && taken.bgr().capacity() >= bytes + PixelScaler.SPARE) {
            image = taken;
        } else {
            copy = PixelScaler.grown(copy, taken.width(), taken.height());
            copy.put(0, taken.bgr(), 0, bytes);
            image = new BgrImage(copy, taken.width(), taken.height());
        }
        return this;
    }

    @Override
    public int width() {
        return image.width();
    }

    @Override
    public int height() {
        return image.height();
    }

    @Override
    public void scaleTo(Letterbox box, boolean blueFirst, ByteBuffer planes) {
        scaler.toPlanes(image, box, blueFirst, planes);
    }

    @Override
    public BgrImage full() {
        return image;
    }

    @Override
    public void close() {
        scaler.close();
    }
}
