package paseo.inference;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Landmarks;
import paseo.events.Pose;
import paseo.inference.ModelPack.Role;

/** Runs every model of a pack once before it is trusted with frames: what cannot work fails at the start, not later. */
final class SelfTest {
    private static final int SIDE = 320;

    private SelfTest() {}

    /**
     * Tries out the models.
     *
     * @throws ModelPackException if one does not compute what the pack says
     */
    static void run(ModelPack pack, FaceModels models) {
        Scratch scratch = new Scratch();
        try (BgrPicture pictures = new BgrPicture()) {
            Picture picture = pictures.of(gradient());
            models.detector().detect(picture, scratch);
            Detection face = middle(pack);
            float[] points = models.landmarks(picture.full(), face, scratch);
            if (!Detection.finite(points)) {
                throw failed(pack, Role.LANDMARKS, "gives points that are not finite");
            }
            Landmarks landmarks = face.points();
            Optional<Pose> pose = models.pose(picture.full(), face.box(), landmarks, scratch);
            if (pose.isEmpty()) {
                throw failed(pack, Role.POSE, "gives angles that are not finite");
            }
            float[] vector = embedded(models, picture, landmarks, scratch);
            if (!Detection.finite(vector)) {
                throw failed(pack, Role.EMBEDDER, "gives an embedding that is not finite");
            }
            Optional<Embedding> golden = GoldenEmbedding.of(pack);
            if (golden.isPresent()) {
                compare(pack, golden.get(), vector);
            }
        }
    }

    /** The embedding that the models compute here for the self-test's picture, aligned by the detector's points. */
    static Embedding embedding(ModelPack pack, FaceModels models) {
        try (BgrPicture pictures = new BgrPicture()) {
            float[] vector =
                    embedded(models, pictures.of(gradient()), middle(pack).points(), new Scratch());
            return Embedding.normalised(vector);
        }
    }

    private static float[] embedded(FaceModels models, Picture picture, Landmarks points, Scratch scratch) {
        Crop crop = models.aligned(picture.full(), points).orElseThrow();
        return models.embed(List.of(crop), scratch).get(0);
    }

    private static void compare(ModelPack pack, Embedding golden, float[] vector) {
        double similarity;
        try {
            similarity = golden.similarity(Embedding.normalised(vector));
        } catch (IllegalArgumentException e) {
            throw failed(pack, Role.EMBEDDER, "gives something else than its golden embedding: " + e.getMessage());
        }
        if (similarity < GoldenEmbedding.LEAST) {
            throw failed(
                    pack,
                    Role.EMBEDDER,
                    String.format(
                            Locale.ROOT,
                            "computes something else on this machine: similarity %.5f to the golden embedding",
                            similarity));
        }
    }

    /** A face as the embedder wants it, as if the detector had found it in the middle of the picture. */
    private static Detection middle(ModelPack pack) {
        float[] points = new float[10];
        for (int i = 0; i < points.length; i++) {
            points[i] = SIDE / 4f + pack.embedder().template().get(i).floatValue();
        }
        return new Detection(new Box(SIDE / 4f, SIDE / 4f, SIDE / 2f, SIDE / 2f), 1, Landmarks.of(points));
    }

    private static ModelPackException failed(ModelPack pack, Role role, String how) {
        String path = pack.file(role).map(ModelPack.ModelFile::path).orElse("the " + role.name());
        return new ModelPackException("model pack " + pack.id() + " fails its self-test: " + path + " " + how);
    }

    /** Something that is not a face. */
    private static BgrImage gradient() {
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % SIDE * 200 / SIDE);
        }
        return BgrImage.of(pixels, SIDE, SIDE);
    }
}
