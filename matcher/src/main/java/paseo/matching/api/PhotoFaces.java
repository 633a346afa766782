package paseo.matching.api;

import java.nio.ByteBuffer;
import java.util.List;
import paseo.events.Embedding;
import paseo.matching.Thresholds;

/** Finds faces in a photograph that somebody searches with: whoever starts the API together with the models. */
public interface PhotoFaces {
    /**
     * A usable face.
     *
     * @param area in pixels of the photograph
     */
    record PhotoFace(Embedding embedding, double area) {}

    /** A picture that cannot be searched with; the message says why, for whoever has sent it. */
    final class UnusablePhotoException extends Exception {
        private static final long serialVersionUID = 1;

        public UnusablePhotoException(String message) {
            super(message);
        }
    }

    /** The pack that makes the embeddings, {@code name@version}. */
    String modelPack();

    /** What a similarity of that pack has to reach. */
    Thresholds thresholds();

    /**
     * All usable faces; the picture is not kept.
     *
     * @param jpeg of at most 8 MiB, as it was sent by a stranger
     * @throws UnusablePhotoException if it is no JPEG, too large a picture, or shows no usable face
     */
    List<PhotoFace> find(ByteBuffer jpeg) throws UnusablePhotoException;
}
