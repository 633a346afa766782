package paseo.inference;

import java.nio.ByteBuffer;

/** A picture to look at, in whatever form it came. For one thread; good until its lane takes the next one. */
interface Picture {
    /** Pixels. */
    int width();

    /** Pixels. */
    int height();

    /**
     * Scales the whole picture into a detector's input: a plane of bytes per colour, black where no picture is.
     *
     * @param blueFirst whether the planes are blue, green, red and not red, green, blue
     * @param planes direct, from index 0
     */
    void scaleTo(Letterbox box, boolean blueFirst, ByteBuffer planes);

    /** The picture in full size; made when first asked for. */
    BgrImage full();
}
