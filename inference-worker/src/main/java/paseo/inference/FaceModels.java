package paseo.inference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import paseo.events.Box;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.inference.ModelPack.Role;

/**
 * The models of a pack, loaded and ready, with what each wants as its input. Safe for many threads; a call works in the
 * {@link Scratch} of its thread.
 */
final class FaceModels implements AutoCloseable {
    /** How much more than the detector's box the head pose model sees. */
    private static final double POSE_MARGIN = 1.1;

    private static final int POSE_SIZE = 60;
    /** InsightFace shows its 3D landmark model one and a half times the box, at 192 pixels. */
    private static final double POINTS_MARGIN = 1.5;

    private static final int POINTS_SIZE = 192;
    /** The model knows 1,103 points; the 68 are the last. */
    private static final int POINTS_VALUES = 3309;

    private static final PixelPlanes BGR = new PixelPlanes(new ModelPack.PixelFormat(ModelPack.Channels.BGR, 0, 1));
    private static final PixelPlanes RGB = new PixelPlanes(new ModelPack.PixelFormat(ModelPack.Channels.RGB, 0, 1));

    private final ModelPack pack;
    private final Accelerator accelerator;
    private final FaceDetector detector;
    private final @Nullable Model landmarks;
    private final @Nullable PixelPlanes landmarkPlanes;
    private final @Nullable Model pose;
    private final Model embedder;
    private final PixelPlanes embedderPlanes;
    private final double[] template;

    private FaceModels(ModelPack pack, ModelStore store, Accelerator accelerator) {
        this.pack = pack;
        this.accelerator = accelerator;
        this.detector =
                new FaceDetector(name(Role.DETECTOR), store.read(pack, Role.DETECTOR), pack.detector(), accelerator);
        ModelPack.LandmarkFinder finder = pack.landmarks();
        this.landmarks = finder == null
                ? null
                : load(store, Role.LANDMARKS, new long[] {-1, 3, finder.size(), finder.size()}, List.of(10L));
        this.landmarkPlanes = finder == null ? null : new PixelPlanes(finder.pixels());
        this.pose = loadPose(store);
        ModelPack.Embedder spec = pack.embedder();
        this.embedder = load(store, Role.EMBEDDER, new long[] {-1, 3, spec.height(), spec.width()}, List.of((long)
                spec.dimension()));
        this.embedderPlanes = new PixelPlanes(spec.pixels());
        this.template =
                spec.template().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * Loads the models of a pack.
     *
     * @throws ModelPackException if one is missing, altered or not what the pack says
     */
    static FaceModels load(ModelPack pack, ModelStore store, Accelerator accelerator) {
        return new FaceModels(pack, store, accelerator);
    }

    private String name(Role role) {
        return pack.name() + "/" + pack.file(role).orElseThrow().path();
    }

    private Model load(ModelStore store, Role role, long[] shape, List<Long> rows) {
        return Model.load(name(role), store.read(pack, role), shape, rows, accelerator);
    }

    private @Nullable Model loadPose(ModelStore store) {
        return switch (pack.pose().kind()) {
            case ADAS -> load(store, Role.POSE, new long[] {-1, 3, POSE_SIZE, POSE_SIZE}, List.of(1L, 1L, 1L));
            case POINTS_68 ->
                pack.file(Role.POSE).isPresent() && store.has(pack, Role.POSE)
                        ? load(store, Role.POSE, new long[] {-1, 3, POINTS_SIZE, POINTS_SIZE}, List.of((long)
                                POINTS_VALUES))
                        : null;
            case FIVE_POINTS -> null;
        };
    }

    /** The pack's detector. */
    FaceDetector detector() {
        return detector;
    }

    /** Five points of a face, x and y each, in pixels of the picture; not finite where the model fails. */
    float[] landmarks(BgrImage picture, Detection face, Scratch scratch) {
        ModelPack.LandmarkFinder finder = pack.landmarks();
        if (landmarks == null || landmarkPlanes == null || finder == null) {
            return face.points().toArray();
        }
        Box box = face.box();
        int size = finder.size();
        Affine map = Affine.ofBox(box.x(), box.y(), box.width(), box.height(), size);
        FloatBuffer found = run(landmarks, landmarkPlanes, scratch, List.of(Crop.of(picture, map, size, size)))
                .get(0);
        float[] points = new float[10];
        for (int i = 0; i < points.length; i++) {
            points[i] = i % 2 == 0 ? box.x() + found.get(i) * box.width() : box.y() + found.get(i) * box.height();
        }
        return points;
    }

    /** Where the head points; empty where the model fails. */
    Optional<Pose> pose(BgrImage picture, Box box, Landmarks face, Scratch scratch) {
        if (pose == null) {
            return Optional.of(FivePointPose.of(face));
        }
        return pack.pose().kind() == ModelPack.PoseKind.ADAS
                ? adasPose(pose, picture, box, scratch)
                : pointsPose(pose, picture, box, scratch);
    }

    private static Optional<Pose> adasPose(Model model, BgrImage picture, Box box, Scratch scratch) {
        Crop crop = Crop.of(picture, square(box, POSE_MARGIN, POSE_SIZE), POSE_SIZE, POSE_SIZE);
        List<FloatBuffer> angles = run(model, BGR, scratch, List.of(crop));
        float yaw = angle(model, angles, "angle_y_fc");
        float pitch = angle(model, angles, "angle_p_fc");
        float roll = angle(model, angles, "angle_r_fc");
        return Detection.finite(yaw, pitch, roll) ? Optional.of(new Pose(yaw, pitch, roll)) : Optional.empty();
    }

    private static float angle(Model model, List<FloatBuffer> angles, String name) {
        return IntStream.range(0, angles.size())
                .filter(i -> model.outputs().get(i).endsWith(name))
                .mapToObj(i -> angles.get(i).get(0))
                .findFirst()
                .orElseThrow(() -> new ModelPackException("the head pose model gives " + model.outputs()
                        + " where one output ending in " + name + " is expected"));
    }

    private static Optional<Pose> pointsPose(Model model, BgrImage picture, Box box, Scratch scratch) {
        Crop crop = Crop.of(picture, square(box, POINTS_MARGIN, POINTS_SIZE), POINTS_SIZE, POINTS_SIZE);
        FloatBuffer values = run(model, RGB, scratch, List.of(crop)).get(0);
        float[] points = new float[3 * SixtyEightPointPose.POINTS];
        values.get(values.remaining() - points.length, points);
        return Detection.finite(points) ? Optional.of(SixtyEightPointPose.of(points)) : Optional.empty();
    }

    private static Affine square(Box box, double margin, int size) {
        double side = Math.max(box.width(), box.height()) * margin;
        return Affine.ofBox(box.centreX() - side / 2, box.centreY() - side / 2, side, side, size);
    }

    /** The face turned and scaled so that its landmarks fall on the embedder's template; empty where they cannot. */
    Optional<Crop> aligned(BgrImage picture, Landmarks face) {
        float[] points = face.toArray();
        double[] to =
                IntStream.range(0, points.length).mapToDouble(i -> points[i]).toArray();
        Affine map = Affine.similarity(template, to);
        if (!(map.scale() > 0) || Double.isInfinite(map.scale())) {
            return Optional.empty();
        }
        ModelPack.Embedder spec = pack.embedder();
        return Optional.of(Crop.of(picture, map, spec.width(), spec.height()));
    }

    /**
     * The embedder's raw vectors of aligned faces, in their order.
     *
     * @param faces of the embedder's size
     */
    List<float[]> embed(List<Crop> faces, Scratch scratch) {
        if (faces.isEmpty()) {
            return List.of();
        }
        FloatBuffer vectors = run(embedder, embedderPlanes, scratch, faces).get(0);
        int dimension = pack.embeddingDimension();
        return IntStream.range(0, faces.size())
                .mapToObj(i -> {
                    float[] vector = new float[dimension];
                    vectors.get(i * dimension, vector);
                    return vector;
                })
                .toList();
    }

    private static List<FloatBuffer> run(Model model, PixelPlanes planes, Scratch scratch, List<Crop> crops) {
        int width = crops.get(0).width();
        int height = crops.get(0).height();
        FloatBuffer input = scratch.input(crops.size() * 3 * width * height);
        for (int i = 0; i < crops.size(); i++) {
            planes.fill(crops.get(i), input, i);
        }
        return model.run(input, crops.size(), 3, height, width);
    }

    @Override
    public void close() {
        detector.close();
        if (landmarks != null) {
            landmarks.close();
        }
        if (pose != null) {
            pose.close();
        }
        embedder.close();
    }
}
