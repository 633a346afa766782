package paseo.inference;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;
import paseo.events.Box;
import paseo.events.Detections;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.events.Usability;

/** Turns one picture at a time into faces: the order of the steps. For one thread. */
final class FaceFinder implements Lanes.Lane {
    /** Faces that are looked at in one picture; the worst of a larger crowd are only listed, and those beyond not. */
    static final int CROWD = 200;

    /** A vector shorter than this points nowhere. */
    private static final double SHORTEST = 1e-6;

    private final FaceModels models;
    private final Gate gate;
    private final CropEncoder encoder;
    private final Scratch scratch = new Scratch();
    private final BgrPicture bgr = new BgrPicture();
    private final JpegPicture jpeg = new JpegPicture();
    private final FramePicture decoded = new FramePicture();

    FaceFinder(ModelPack pack, FaceModels models) {
        this.models = models;
        this.gate = new Gate(pack.gates());
        this.encoder = new CropEncoder(pack.embedder().width(), pack.embedder().height());
    }

    /** A picture in memory, ready to be looked at. */
    Picture picture(BgrImage image) {
        return bgr.of(image);
    }

    /**
     * A picture from the wire, ready to be looked at.
     *
     * @throws UnreadablePictureException if it is damaged
     */
    Picture picture(ByteBuffer bytes, Stage.Listener clock) {
        return timed(Stage.DECODE, clock, () -> jpeg.of(bytes));
    }

    /** A decoder's picture, ready to be looked at; stays the caller's. */
    Picture picture(AVFrame frame) {
        return decoded.of(frame);
    }

    /**
     * The faces of a picture, the detector's surest first.
     *
     * @param sourceWidth pixels of the picture at the source: boxes and landmarks are in these
     * @param sourceHeight pixels of the picture at the source
     * @param leastFace pixels at the source that a face must be wide to be usable, besides what the pack asks for
     * @param lanes that may help with the faces
     */
    List<Face> faces(
            Picture picture,
            int sourceWidth,
            int sourceHeight,
            int leastFace,
            Stage.Listener clock,
            Lanes<FaceFinder> lanes) {
        List<Detection> found = timed(
                        Stage.DETECT, clock, () -> models.detector().detect(picture, scratch))
                .stream()
                .limit(Detections.Faces.MOST)
                .toList();
        Set<Detection> crowd = best(found);
        float x = (float) sourceWidth / picture.width();
        float y = (float) sourceHeight / picture.height();
        if (found.isEmpty()) {
            return List.of();
        }
        BgrImage full = picture.full();
        return lanes.share(this, found, (lane, detection) -> {
            Look look = crowd.contains(detection)
                    ? lane.look(full, detection, leastFace / x, clock)
                    : lane.glance(detection, leastFace / x);
            return lane.face(detection, look, x, y, clock);
        });
    }

    /** The large and sure ones. */
    private static Set<Detection> best(List<Detection> found) {
        return new HashSet<>(found.stream()
                .sorted(Comparator.comparingDouble(
                                (Detection face) -> face.score() * face.box().width())
                        .reversed())
                .limit(CROWD)
                .toList());
    }

    /**
     * What there is to know of a face before it is embedded.
     *
     * @param failed the first gate it failed
     * @param crop aligned, of a face that failed none
     */
    private record Look(
            Landmarks landmarks,
            Pose pose,
            float quality,
            Optional<Usability> failed,
            @Nullable Crop crop) {}

    private Look look(BgrImage picture, Detection detection, float leastWidth, Stage.Listener clock) {
        Box box = detection.box();
        float[] points = timed(Stage.LANDMARKS, clock, () -> models.landmarks(picture, detection, scratch));
        boolean finite = Detection.finite(points);
        Landmarks landmarks = finite ? Landmarks.of(points) : detection.points();
        Optional<Pose> measured = timed(Stage.POSE, clock, () -> models.pose(picture, box, landmarks, scratch));
        Pose pose = measured.orElseGet(() -> FivePointPose.of(landmarks));
        boolean plausible = finite
                && measured.isPresent()
                && Gate.plausible(landmarks, box.width(), picture.width(), picture.height());
        Optional<Crop> crop =
                plausible ? timed(Stage.ALIGN, clock, () -> models.aligned(picture, landmarks)) : Optional.empty();
        Clarity clarity = crop.map(Clarity::of).orElse(Clarity.NONE);
        float quality = Quality.of(pose, box.width(), clarity.sharpness(), detection.score());
        Optional<Usability> failed = gate.check(detection, leastWidth)
                .or(() -> crop.isEmpty()
                        ? Optional.of(Usability.MALFORMED)
                        : gate.check(pose, landmarks, clarity, quality));
        return new Look(landmarks, pose, quality, failed, crop.orElse(null));
    }

    /** A face too many: nothing is computed for it. */
    private Look glance(Detection detection, float leastWidth) {
        Landmarks landmarks = detection.points();
        Usability failed = gate.check(detection, leastWidth).orElse(Usability.CROWDED_OUT);
        return new Look(landmarks, FivePointPose.of(landmarks), 0, Optional.of(failed), null);
    }

    private Face face(Detection detection, Look look, float x, float y, Stage.Listener clock) {
        Crop crop = look.crop();
        if (look.failed().isPresent() || crop == null) {
            return face(detection, look, x, y, look.failed().orElse(Usability.MALFORMED), null, null);
        }
        Optional<Embedding> embedding = embed(crop, clock);
        if (embedding.isEmpty()) {
            return face(detection, look, x, y, Usability.MALFORMED, null, null);
        }
        ByteBuffer picture = timed(Stage.CROP, clock, () -> encoder.encode(crop));
        return face(detection, look, x, y, Usability.USABLE, embedding.get(), picture);
    }

    /** The embedding of a face in a picture; empty where there is none. */
    Optional<Embedding> embedding(Picture picture, Landmarks face, Stage.Listener clock) {
        return timed(Stage.ALIGN, clock, () -> models.aligned(picture.full(), face))
                .flatMap(crop -> embed(crop, clock));
    }

    private Optional<Embedding> embed(Crop crop, Stage.Listener clock) {
        float[] vector = timed(
                Stage.EMBED, clock, () -> models.embed(List.of(crop), scratch).get(0));
        return Detection.finite(vector) && isLong(vector)
                ? Optional.of(Embedding.normalised(vector))
                : Optional.empty();
    }

    private static Face face(
            Detection detection,
            Look look,
            float x,
            float y,
            Usability usability,
            @Nullable Embedding embedding,
            @Nullable ByteBuffer crop) {
        Detection scaled = detection.scaled(x, y);
        return new Face(
                scaled.box(),
                scaled.score(),
                Detection.scaled(look.landmarks(), x, y),
                look.pose(),
                look.quality(),
                usability,
                embedding,
                crop);
    }

    /** Whether a vector has a direction. */
    private static boolean isLong(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return squares > SHORTEST * SHORTEST;
    }

    private static <T> T timed(Stage stage, Stage.Listener clock, Supplier<T> step) {
        long start = System.nanoTime();
        T made = step.get();
        clock.took(stage, System.nanoTime() - start);
        return made;
    }

    @Override
    public void close() {
        encoder.close();
        bgr.close();
        jpeg.close();
        decoded.close();
    }
}
