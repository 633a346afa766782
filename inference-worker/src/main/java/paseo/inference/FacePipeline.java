package paseo.inference;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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
 * Pictures to faces with the models of one pack: the heart of the worker, without Kafka. Each picture is looked at on
 * one thread and alone, so that its faces do not depend, not even in their last bit, on what else was asked for at the
 * same time; a batch is spread over the threads. Safe for many threads.
 */
public final class FacePipeline implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FacePipeline.class);

    private final ModelPack pack;
    private final FaceModels models;
    /** The latest to be done comes first: each holds the memory of the largest picture it has seen. */
    private final BlockingDeque<FaceFinder> idle;

    private final ExecutorService threads;
    private final int lanes;
    private final int framesAtOnce;
    private volatile Stage.Listener clock = (stage, nanos) -> {};

    private FacePipeline(ModelPack pack, FaceModels models, PipelineSettings settings) {
        this.lanes = settings.threads();
        this.pack = pack;
        this.models = models;
        this.framesAtOnce = settings.framesAtOnce();
        this.idle = new LinkedBlockingDeque<>();
        for (int i = 0; i < lanes; i++) {
            idle.add(new FaceFinder(pack, models));
        }
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(lanes, task -> {
            Thread thread = new Thread(task, "paseo-inference-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
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
        return lanes;
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
        return onLane(finder -> finder.faces(finder.picture(picture), sourceWidth, sourceHeight, 0, clock));
    }

    /** The faces of each picture, in the same order, in pixels of the pictures. */
    public List<List<Face>> faces(List<BgrImage> pictures) {
        return spread(pictures, picture -> faces(picture, picture.width(), picture.height()));
    }

    /**
     * The embedding of a face whatever its usability: aligned by its landmarks, embedded. For measuring what the gates
     * keep out; of a usable face it is the face's own.
     *
     * @param face landmarks in pixels of the picture
     * @return empty where landmarks or model give nothing that can be compared
     */
    public Optional<Embedding> embedding(BgrImage picture, Landmarks face) {
        return onLane(finder -> finder.embedding(finder.picture(picture), face, clock));
    }

    /** What is in a picture from the wire: its faces, or why it was dropped. */
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
            return onLane(finder -> examine(finder, image));
        } catch (RuntimeException e) {
            // One picture that a library chokes on must not stop the others.
            log.error("a picture of {}x{} pixels could not be looked at", image.width(), image.height(), e);
            return new Dropped(Reason.UNREADABLE, "could not be looked at: " + e);
        }
    }

    /** What is in each picture, in the same order. */
    public List<Detections.Content> examine(List<Image> images) {
        return spread(images, this::examine);
    }

    /**
     * Begins to look for the faces in a decoder's picture, which is released then.
     *
     * @return what {@link #examine(Image)} gives
     */
    Future<Detections.Content> begin(AVFrame picture) {
        return threads.submit(() -> {
            int width = picture.width();
            int height = picture.height();
            try {
                return onLane(
                        finder -> found(finder.faces(finder.picture(picture), width, height, 0, clock), width, height));
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
                    finder.faces(picture, image.sourceWidth(), image.sourceHeight(), image.leastFace(), clock);
            return found(faces, image.sourceWidth(), image.sourceHeight());
        } catch (UnreadablePictureException e) {
            return new Dropped(Reason.UNREADABLE, e.reason());
        }
    }

    private Detections.Content found(List<Face> faces, int width, int height) {
        return new Detections.Faces(pack.id(), pack.embeddingDimension(), width, height, faces);
    }

    private <R> R onLane(Function<FaceFinder, R> work) {
        FaceFinder finder;
        try {
            finder = idle.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a free lane", e);
        }
        try {
            return work.apply(finder);
        } finally {
            idle.addFirst(finder);
        }
    }

    private <T, R> List<R> spread(List<T> items, Function<T, R> work) {
        if (items.size() <= 1) {
            return items.stream().map(work).toList();
        }
        List<Future<R>> running = items.stream()
                .map(item -> threads.submit(() -> work.apply(item)))
                .toList();
        List<R> done = new ArrayList<>(items.size());
        for (Future<R> future : running) {
            done.add(result(future));
        }
        return done;
    }

    /** Waits for what was begun. */
    static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for faces", e);
        }
    }

    /** Waits for pictures being looked at, then releases the models. */
    @Override
    public void close() {
        threads.shutdown();
        for (int i = 0; i < lanes; i++) {
            try {
                idle.take().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        models.close();
    }
}
