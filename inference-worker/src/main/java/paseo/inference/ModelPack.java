package paseo.inference;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A set of models that work together, and all that is to be known about them: where they come from, what they take and
 * give, when a face is good enough for them. Read from a JSON manifest; {@code packs/NAME.json} in the class path are
 * the bundled ones.
 *
 * @param name short, lower case
 * @param version changes whenever embeddings stop being comparable with those of before
 * @param description one line for people
 * @param licence of the pack as a whole
 * @param directory folder of the files below a {@link ModelStore}'s roots
 * @param files the models
 * @param detector how to find faces
 * @param landmarks how to find five points in a face; null where the detector's own are used
 * @param pose how to tell where a head points
 * @param embedder how to turn an aligned face into an embedding
 * @param gates what a face must have to be {@linkplain paseo.events.Usability#USABLE usable}
 * @param thresholds where matching starts before anything has been calibrated
 */
public record ModelPack(
        String name,
        String version,
        String description,
        Licence licence,
        String directory,
        List<ModelFile> files,
        Detector detector,
        @Nullable LandmarkFinder landmarks,
        HeadPose pose,
        Embedder embedder,
        Gates gates,
        Thresholds thresholds) {

    /** The bundled packs, the default first. */
    public static final List<String> BUNDLED =
            List.of("retail", "sface", "insightface", "buffalo_l", "buffalo_m", "buffalo_s", "buffalo_sc");

    public ModelPack {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(description, "description");
        requireNonNull(licence, "licence");
        requireNonNull(directory, "directory");
        requireNonNull(detector, "detector");
        requireNonNull(pose, "pose");
        requireNonNull(embedder, "embedder");
        requireNonNull(gates, "gates");
        requireNonNull(thresholds, "thresholds");
        files = List.copyOf(files);
        if (!name.matches("[a-z0-9_-]+") || !version.matches("[a-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "name and version are made of a-z, 0-9, '-', '_', not " + name + "@" + version);
        }
        require(files, Role.DETECTOR);
        require(files, Role.EMBEDDER);
        if (landmarks != null) {
            require(files, Role.LANDMARKS);
        }
        if (pose.kind() == PoseKind.ADAS) {
            require(files, Role.POSE);
        }
    }

    private static void require(List<ModelFile> files, Role role) {
        if (files.stream().filter(file -> file.role() == role).count() != 1) {
            throw new IllegalArgumentException(
                    "there must be one file for the " + role.name().toLowerCase(Locale.ROOT));
        }
    }

    /** What a file of the pack is for. */
    public enum Role {
        DETECTOR,
        LANDMARKS,
        POSE,
        EMBEDDER
    }

    /**
     * The terms of use.
     *
     * @param id what a user names to accept it
     * @param name for people
     * @param nonCommercial whether use is restricted, so that the user has to accept it first
     * @param address of the text
     */
    public record Licence(String id, String name, boolean nonCommercial, String address) {
        public Licence {
            requireNonNull(id, "licence id");
            requireNonNull(name, "licence name");
            requireNonNull(address, "licence address");
        }
    }

    /**
     * One model.
     *
     * @param role what it is for
     * @param path name of the file
     * @param sha256 accepted checksums in lower-case hex: the file as published, or each known conversion of it
     * @param licence of this file
     * @param optional whether the pack works without it
     * @param source how to get it
     */
    public record ModelFile(
            Role role, String path, List<String> sha256, String licence, boolean optional, Origin source) {
        public ModelFile {
            requireNonNull(role, "role");
            requireNonNull(licence, "licence");
            requireNonNull(source, "source");
            checkFileName(path);
            sha256 = List.copyOf(sha256);
            if (sha256.isEmpty()) {
                throw new IllegalArgumentException(path + " needs a SHA-256");
            }
            sha256.forEach(ModelPack::checkSha256);
        }
    }

    /** How a file is made on the user's machine. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Published.class, name = "published"),
        @JsonSubTypes.Type(value = OpenVino.class, name = "openvino"),
        @JsonSubTypes.Type(value = ZipMember.class, name = "zip"),
        @JsonSubTypes.Type(value = ByHand.class, name = "by-hand")
    })
    public sealed interface Origin {}

    /**
     * Downloaded as it is.
     *
     * @param address https
     */
    public record Published(String address) implements Origin {}

    /** Converted by {@link IrToOnnx} from OpenVINO's intermediate representation. */
    public record OpenVino(Download xml, Download bin) implements Origin {}

    /** A member of a published zip. */
    public record ZipMember(String address, String member) implements Origin {}

    /** Not to be had from a published address; the user puts it there. */
    public record ByHand(String note) implements Origin {}

    /** A file that a model is made from. */
    public record Download(String address, String sha256) {
        public Download {
            requireNonNull(address, "address");
            checkSha256(sha256);
        }
    }

    /** Order of the colours in a model's input. */
    public enum Channels {
        BGR,
        RGB
    }

    /**
     * What a model wants its pixels to be: (x - mean) / deviation, x in 0..255.
     *
     * @param channels order of the planes
     */
    public record PixelFormat(Channels channels, float mean, float deviation) {
        public PixelFormat {
            requireNonNull(channels, "channels");
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("deviation must be above 0, not " + deviation);
            }
        }
    }

    /**
     * Finds faces in a whole picture.
     *
     * @param kind how to read its output
     * @param pixels of its input
     * @param longestSide a larger picture is scaled down to this, pixels
     * @param shortestLongSide a picture whose longer side is smaller is scaled up to this, pixels
     * @param largestFace a face wider than this in the scaled picture is looked for again at half the size; 0 = never
     * @param score least score of a detection, 0..1
     * @param overlap boxes with a larger intersection over union are the same face, 0..1
     */
    public record Detector(
            DetectorKind kind,
            PixelFormat pixels,
            int longestSide,
            int shortestLongSide,
            int largestFace,
            float score,
            float overlap) {
        public Detector {
            requireNonNull(kind, "detector kind");
            requireNonNull(pixels, "detector pixels");
        }
    }

    /** Model families. */
    public enum DetectorKind {
        YUNET,
        SCRFD
    }

    /**
     * Finds five points in a detector's box.
     *
     * @param size side of its square input, pixels
     */
    public record LandmarkFinder(PixelFormat pixels, int size) {
        public LandmarkFinder {
            requireNonNull(pixels, "landmarks pixels");
        }
    }

    /** Tells where a head points. */
    public record HeadPose(PoseKind kind) {
        public HeadPose {
            requireNonNull(kind, "pose kind");
        }
    }

    /** Ways to tell. */
    public enum PoseKind {
        /** Open Model Zoo's {@code head-pose-estimation-adas}. */
        ADAS,
        /** InsightFace's 68 points in space, {@code 1k3d68}; as {@link #FIVE_POINTS} where it is absent. */
        POINTS_68,
        /** From the five landmarks. */
        FIVE_POINTS
    }

    /**
     * Turns an aligned face into an embedding.
     *
     * @param width pixels of its input
     * @param height pixels of its input
     * @param template where the five landmarks belong in the input: x, y of left eye, right eye, nose, left and right
     *     corner of the mouth
     * @param dimension of the embedding
     */
    public record Embedder(PixelFormat pixels, int width, int height, List<Double> template, int dimension) {
        public Embedder {
            requireNonNull(pixels, "embedder pixels");
            template = List.copyOf(template);
            if (template.size() != 10) {
                throw new IllegalArgumentException("an alignment template is ten numbers, not " + template.size());
            }
        }
    }

    /**
     * What a usable face has at least, or at most.
     *
     * @param score least score of the detector
     * @param width least width of the box, pixels of the source
     * @param yaw largest, degrees to either side
     * @param pitch largest, degrees up or down
     * @param breadth least, see {@link Gate#breadth}
     * @param brightness least, see {@link Clarity}
     * @param sharpness least, see {@link Clarity}
     * @param contrast least, see {@link Clarity}
     * @param detail least, see {@link Clarity}
     * @param quality least, see {@link Quality}
     */
    public record Gates(
            float score,
            float width,
            float yaw,
            float pitch,
            float breadth,
            float brightness,
            float sharpness,
            float contrast,
            float detail,
            float quality) {}

    /**
     * Similarities, cosine.
     *
     * @param accept at least this similar is the same person
     * @param create at most this similar to anybody is a new person
     * @param margin how much more similar the best person must be than the second
     */
    public record Thresholds(double accept, double create, double margin) {}

    /** {@code name@version}: names the space of the embeddings. */
    public String id() {
        return name + "@" + version;
    }

    /** Length of an embedding. */
    public int embeddingDimension() {
        return embedder.dimension();
    }

    /** Whether the user has to accept the licence before use. */
    public boolean nonCommercial() {
        return licence.nonCommercial();
    }

    /** The file for a role. */
    Optional<ModelFile> file(Role role) {
        return files.stream().filter(file -> file.role() == role).findFirst();
    }

    /**
     * A bundled pack by its name, or the one of a manifest by its path. The files of the latter lie beside it.
     *
     * @throws ModelPackException if there is none, or it is not a manifest
     */
    public static ModelPack load(String nameOrManifest) {
        return PackManifest.load(nameOrManifest);
    }

    /** The same pack with its files in another folder. */
    ModelPack in(String folder) {
        return new ModelPack(
                name,
                version,
                description,
                licence,
                folder,
                files,
                detector,
                landmarks,
                pose,
                embedder,
                gates,
                thresholds);
    }

    /** A manifest names plain files only: nothing outside the pack's folder can be reached. */
    static void checkFileName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("\"" + name + "\" is not a plain file name");
        }
    }

    private static void checkSha256(String hex) {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("\"" + hex + "\" is not a SHA-256 in lower-case hex");
        }
    }
}
