package paseo.inference;

import java.nio.ByteBuffer;

/**
 * The size that a JPEG claims to have, read without decoding anything: nothing is allocated on the word of a picture.
 *
 * @param width pixels
 * @param height pixels
 */
record JpegHeader(int width, int height) {
    /** Largest side that is accepted: 8K video and a little more. */
    static final int LONGEST_SIDE = 8192;

    /** Largest picture that is accepted, pixels: the same in full. */
    static final int MOST_PIXELS = 8192 * 4608;

    private static final int START = 0xffd8;
    private static final int START_OF_SCAN = 0xda;

    /**
     * Reads the header.
     *
     * @throws UnreadablePictureException if the bytes are not a JPEG with a size
     */
    static JpegHeader of(ByteBuffer bytes) {
        ByteBuffer jpeg = bytes.slice();
        if (jpeg.remaining() < 4 || (jpeg.getShort() & 0xffff) != START) {
            throw new UnreadablePictureException("not a JPEG");
        }
        while (jpeg.remaining() >= 4) {
            int marker = jpeg.getShort() & 0xffff;
            if (marker == 0xffff) {
                jpeg.position(jpeg.position() - 1);
                continue;
            }
            int length = jpeg.getShort() & 0xffff;
            if (marker >> 8 != 0xff || length < 2 || (marker & 0xff) == START_OF_SCAN) {
                break;
            }
            if (startsFrame(marker & 0xff) && length >= 7 && jpeg.remaining() >= 5) {
                jpeg.get();
                int height = jpeg.getShort() & 0xffff;
                int width = jpeg.getShort() & 0xffff;
                if (width > 0 && height > 0) {
                    return new JpegHeader(width, height);
                }
                break;
            }
            if (jpeg.remaining() < length - 2) {
                break;
            }
            jpeg.position(jpeg.position() + length - 2);
        }
        throw new UnreadablePictureException("a JPEG without a size");
    }

    /** Whether decoding it would take more memory than a picture is worth. */
    boolean tooLarge() {
        return Math.max(width, height) > LONGEST_SIDE || (long) width * height > MOST_PIXELS;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC. */
    private static boolean startsFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
