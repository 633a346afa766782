package paseo.inference;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Landmarks;

/**
 * Embeds faces of which only the aligned picture is left, with the models of one pack. Pictures that are aligned as
 * another pack wants them are turned by the similarity between both packs' five points; where that pack is not known,
 * the face is looked for in the picture. What lies outside the picture is black, as it is at the edge of a frame. Safe
 * for many threads; closes nothing.
 */
public final class CropEmbedder {
    private static final Logger log = LoggerFactory.getLogger(CropEmbedder.class);

    private final FacePipeline pipeline;

    /** @param pipeline with the models; stays the caller's */
    public CropEmbedder(FacePipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Where the five landmarks lie in every face that a pack's embedder takes, pixels of the aligned picture. */
    public static Landmarks alignment(ModelPack pack) {
        List<Double> template = pack.embedder().template();
        float[] points = new float[template.size()];
        IntStream.range(0, points.length)
                .forEach(i -> points[i] = template.get(i).floatValue());
        return Landmarks.of(points);
    }

    /**
     * The embedding of an aligned face.
     *
     * @param jpeg the picture
     * @param alignment where its landmarks lie, empty where nobody knows
     * @return empty where the picture cannot be read, no face is found in it, or the model gives nothing that can be
     *     compared
     */
    public Optional<Embedding> embedding(ByteBuffer jpeg, Optional<Landmarks> alignment) {
        BgrImage picture;
        try {
            picture = BgrImage.ofJpeg(jpeg);
        } catch (IllegalArgumentException e) {
            log.warn("a stored picture cannot be read: {}", e.getMessage());
            return Optional.empty();
        }
        return alignment.isPresent() ? pipeline.embedding(picture, alignment.get()) : found(picture);
    }

    /**
     * By the points that the pack finds itself: in the middle of black, because detectors want to see around a face.
     */
    private Optional<Embedding> found(BgrImage picture) {
        BgrImage framed = framed(picture);
        return pipeline.faces(framed, framed.width(), framed.height()).stream()
                .max(Comparator.comparingDouble((Face face) -> face.box().width()))
                .flatMap(face -> pipeline.embedding(framed, face.landmarks()));
    }

    /** Twice as wide and high. */
    private static BgrImage framed(BgrImage picture) {
        int width = 2 * picture.width();
        int height = 2 * picture.height();
        byte[] bgr = new byte[width * height * 3];
        for (int y = 0; y < picture.height(); y++) {
            int at = ((y + picture.height() / 2) * width + picture.width() / 2) * 3;
            picture.bgr().get(y * picture.width() * 3, bgr, at, picture.width() * 3);
        }
        return BgrImage.of(bgr, width, height);
    }
}
