package paseo.inference;

import java.nio.ByteBuffer;

/** A picture to look at, in whatever form it came. For one thread; good until its lane takes the next one. */
interface Picture {
    /** Pixels. */
    int width();

    /** Pixels. */
    int height();

    /** Scales the whole picture into a buffer of at least {@link PixelScaler#bytes} bytes, from index 0. */
    void scaleTo(int width, int height, ByteBuffer bgr);

    /** The picture in full size; made when first asked for. */
    BgrImage full();
}
