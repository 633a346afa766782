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
 */
public record Image(ByteBuffer jpeg, int width, int height, int sourceWidth, int sourceHeight)
        implements Frame.Content {
    public Image {
        if (width < 1 || height < 1 || sourceWidth < 1 || sourceHeight < 1) {
            throw new EventFormatException("an image cannot be " + width + "x" + height + " from " + sourceWidth + "x"
                    + sourceHeight + " pixels");
        }
    }
}
