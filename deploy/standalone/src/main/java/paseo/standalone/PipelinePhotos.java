package paseo.standalone;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import paseo.events.Face;
import paseo.inference.BgrImage;
import paseo.inference.FacePipeline;
import paseo.matching.Thresholds;
import paseo.matching.api.PhotoFaces;

/** Faces in photographs, by the models that look at the frames. */
final class PipelinePhotos implements PhotoFaces {
    private final FacePipeline pipeline;
    private final Thresholds thresholds;

    PipelinePhotos(FacePipeline pipeline, Thresholds thresholds) {
        this.pipeline = pipeline;
        this.thresholds = thresholds;
    }

    @Override
    public String modelPack() {
        return pipeline.pack().id();
    }

    @Override
    public Thresholds thresholds() {
        return thresholds;
    }

    @Override
    public List<PhotoFace> find(ByteBuffer jpeg) throws UnusablePhotoException {
        List<PhotoFace> usable = faces(jpeg).stream()
                .filter(Face::usable)
                .map(face -> new PhotoFace(
                        Objects.requireNonNull(face.embedding()),
                        (double) face.box().width() * face.box().height()))
                .toList();
        if (usable.isEmpty()) {
            throw new UnusablePhotoException("no face in the photograph is large, sharp and frontal enough");
        }
        return usable;
    }

    private List<Face> faces(ByteBuffer jpeg) throws UnusablePhotoException {
        try {
            BgrImage picture = BgrImage.ofJpeg(jpeg);
            return pipeline.faces(picture, picture.width(), picture.height());
        } catch (IllegalArgumentException e) {
            throw new UnusablePhotoException(String.valueOf(e.getMessage()));
        }
    }
}
