package paseo.events;

import java.nio.ByteBuffer;

/**
 * One upright picture as JPEG.
 *
 * @param jpeg the file's bytes; not to be written to
 * @param width pixels of the JPEG
 * @param height pixels of the JPEG
 * @param sourceWidth pixels of the picture at the source, upright; boxes are in these
 * @param sourceHeight pixels of the picture at the source, upright
 * @param staleAfterMicros time since 1970 after which a camera's picture is not to be looked at; 0 for a file's
 * @param leastFace pixels at the source that a face must be wide to be recognised, besides what the model pack asks for
 * @param still whether nothing moves: it shows what the picture did that came latest before it and was not still
 */
public record Image(
        ByteBuffer jpeg,
        int width,
        int height,
        int sourceWidth,
        int sourceHeight,
        long staleAfterMicros,
        int leastFace,
        boolean still)
        implements Frame.Content {
    public Image {
        if (width < 1 || height < 1 || sourceWidth < 1 || sourceHeight < 1) {
            throw new EventFormatException("an image cannot be " + width + "x" + height + " from " + sourceWidth + "x"
                    + sourceHeight + " pixels");
        }
        if (staleAfterMicros < 0) {
            throw new EventFormatException("an image cannot be stale after " + staleAfterMicros + " us");
        }
        if (leastFace < 0) {
            throw new EventFormatException("a face cannot be " + leastFace + " pixels wide");
        }
    }

    /** A picture that may wait for ever. */
    public Image(ByteBuffer jpeg, int width, int height, int sourceWidth, int sourceHeight) {
        this(jpeg, width, height, sourceWidth, sourceHeight, 0, 0, false);
    }

    /** The same picture of a camera, worthless after that time, with faces of interest from that width on. */
    public Image ofCamera(long worthlessAfterMicros, int leastWidth) {
        return new Image(jpeg, width, height, sourceWidth, sourceHeight, worthlessAfterMicros, leastWidth, still);
    }

    /** The same picture, of which it is known whether something moves. */
    public Image still(boolean nothingMoves) {
        return new Image(jpeg, width, height, sourceWidth, sourceHeight, staleAfterMicros, leastFace, nothingMoves);
    }

    /** Whether only the latest picture counts. */
    public boolean live() {
        return staleAfterMicros > 0;
    }
}
