package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.events.Detections;
import paseo.events.Detections.Dropped;
import paseo.events.Detections.Dropped.Reason;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Image;
import paseo.events.Landmarks;

/**
 * Pictures to faces with the models of one pack: the heart of the worker, without Kafka. A batch is spread over the
 * threads, one picture on each, and those that are idle take faces off the others. On a processor each face is computed
 * alone, so that it does not depend, not even in its last bit, on what else was asked for at the same time. Safe for
 * many threads.
 */
public final class FacePipeline implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FacePipeline.class);

    private final ModelPack pack;
    private final FaceModels models;
    private final Lanes<FaceFinder> lanes;
    private final int framesAtOnce;
    private volatile Stage.Listener clock = (stage, nanos) -> {};

    private FacePipeline(ModelPack pack, FaceModels models, PipelineSettings settings) {
        this.pack = pack;
        this.models = models;
        this.framesAtOnce = settings.framesAtOnce();
        this.lanes = new Lanes<>(settings.threads(), () -> new FaceFinder(pack, models));
    }

    /**
     * Loads and tries out the models of a pack.
     *
     * @throws ModelPackException if the licence is not accepted, the device cannot be had, or a file is missing,
     *     altered or not the model that the pack describes
     */
    public static FacePipeline open(ModelPack pack, ModelStore store, PipelineSettings settings) {
        ModelStore.checkLicence(pack, settings.acceptedLicences());
        Accelerator accelerator = new Accelerator(settings.device(), ModelStore.engines());
        accelerator.check();
        FaceModels models = FaceModels.load(pack, store, accelerator);
        FacePipeline pipeline = new FacePipeline(pack, models, settings);
        try {
            SelfTest.run(pack, models);
            return pipeline;
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
        }
    }

    /** The pack whose models these are. */
    public ModelPack pack() {
        return pack;
    }

    /** Pictures that are looked at side by side. */
    int lanes() {
        return lanes.number();
    }

    /** Frames worth handing over together. */
    public int framesAtOnce() {
        return framesAtOnce;
    }

    /** Tells a listener from now on how long each step takes. */
    public void observe(Stage.Listener listener) {
        clock = listener;
    }

    /**
     * The faces of a picture, the detector's surest first.
     *
     * @param sourceWidth pixels of the picture at the source, where boxes and landmarks are measured
     * @param sourceHeight pixels of the picture at the source
     */
    public List<Face> faces(BgrImage picture, int sourceWidth, int sourceHeight) {
        return lanes.on(finder -> finder.faces(finder.picture(picture), sourceWidth, sourceHeight, 0, clock, lanes));
    }

    /** The faces of each picture, in the same order, in pixels of the pictures. */
    public List<List<Face>> faces(List<BgrImage> pictures) {
        return lanes.spread(pictures, picture -> faces(picture, picture.width(), picture.height()));
    }

    /**
     * The embedding of a face whatever its usability: aligned by its landmarks, embedded. For measuring what the gates
     * keep out; of a usable face it is the face's own.
     *
     * @param face landmarks in pixels of the picture
     * @return empty where landmarks or model give nothing that can be compared
     */
    public Optional<Embedding> embedding(BgrImage picture, Landmarks face) {
        return lanes.on(finder -> finder.embedding(finder.picture(picture), face, clock));
    }

    /**
     * What is in a picture from the wire: its faces, or why it was dropped.
     *
     * @throws PipelineFailedException if it could not be looked at through no fault of its own
     */
    public Detections.Content examine(Image image) {
        JpegHeader header;
        try {
            header = JpegHeader.of(image.jpeg());
        } catch (UnreadablePictureException e) {
            return new Dropped(Reason.UNREADABLE, e.reason());
        }
        if (header.tooLarge()) {
            return new Dropped(
                    Reason.TOO_LARGE,
                    header.width() + "x" + header.height() + " pixels where " + JpegHeader.MOST_PIXELS + " pixels and "
                            + JpegHeader.LONGEST_SIDE + " a side are accepted");
        }
        try {
            return lanes.on(finder -> examine(finder, image));
        } catch (PipelineFailedException e) {
            // Where a device is gone, each picture would count as a bad one, and be lost.
            throw e;
        } catch (RuntimeException e) {
            // One picture that a library chokes on must not stop the others.
            log.error("a picture of {}x{} pixels could not be looked at", image.width(), image.height(), e);
            return new Dropped(Reason.UNREADABLE, "could not be looked at: " + e);
        }
    }

    /**
     * What is in each picture, in the same order.
     *
     * @throws PipelineFailedException if one could not be looked at through no fault of its own
     */
    public List<Detections.Content> examine(List<Image> images) {
        return lanes.spread(images, this::examine);
    }

    /**
     * Begins to look for the faces in a decoder's picture, which is released then.
     *
     * @return what {@link #examine(Image)} gives
     */
    Future<Detections.Content> begin(AVFrame picture) {
        return lanes.begin(() -> {
            int width = picture.width();
            int height = picture.height();
            try {
                return lanes.on(finder ->
                        found(finder.faces(finder.picture(picture), width, height, 0, clock, lanes), width, height));
            } catch (PipelineFailedException e) {
                throw e;
            } catch (RuntimeException e) {
                log.error("a picture of {}x{} pixels could not be looked at", width, height, e);
                return new Dropped(Reason.UNREADABLE, "could not be looked at: " + e);
            } finally {
                av_frame_free(picture);
            }
        });
    }

    private Detections.Content examine(FaceFinder finder, Image image) {
        ByteBuffer jpeg = image.jpeg();
        try {
            Picture picture = finder.picture(jpeg, clock);
            List<Face> faces =
                    finder.faces(picture, image.sourceWidth(), image.sourceHeight(), image.leastFace(), clock, lanes);
            return found(faces, image.sourceWidth(), image.sourceHeight());
        } catch (UnreadablePictureException e) {
            return new Dropped(Reason.UNREADABLE, e.reason());
        }
    }

    private Detections.Content found(List<Face> faces, int width, int height) {
        return new Detections.Faces(pack.id(), pack.embeddingDimension(), width, height, faces);
    }

    /** Waits for pictures being looked at, then releases the models. */
    @Override
    public void close() {
        lanes.close();
        models.close();
    }
}
