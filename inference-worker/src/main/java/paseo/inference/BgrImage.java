package paseo.inference;

import java.nio.ByteBuffer;

/**
 * A picture in memory: rows from the top without gaps, per pixel one byte each of blue, green and red.
 *
 * @param bgr the pixels from index 0, not to be written to while the picture is in use; a direct buffer with 64 bytes
 *     to spare is used in place, any other is copied once
 * @param width pixels
 * @param height pixels
 */
public record BgrImage(ByteBuffer bgr, int width, int height) {
    public BgrImage {
        if (width < 1 || height < 1 || bgr.capacity() < (long) width * height * 3) {
            throw new IllegalArgumentException(
                    "a picture of " + width + "x" + height + " pixels does not fit " + bgr.capacity() + " bytes");
        }
    }

    /**
     * Decodes a JPEG.
     *
     * @throws IllegalArgumentException if it cannot be read or is too large, see {@link JpegHeader}
     */
    public static BgrImage ofJpeg(ByteBuffer jpeg) {
        try (JpegPicture picture = new JpegPicture()) {
            JpegHeader header = JpegHeader.of(jpeg);
            if (header.tooLarge()) {
                throw new IllegalArgumentException(
                        "a JPEG of " + header.width() + "x" + header.height() + " pixels is too large");
            }
            return picture.of(jpeg).full();
        } catch (UnreadablePictureException e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }

    /** Over bytes of the same layout. */
    public static BgrImage of(byte[] bgr, int width, int height) {
        return new BgrImage(ByteBuffer.wrap(bgr), width, height);
    }
}
