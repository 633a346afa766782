package paseo.inference;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.inference.ModelPack.ModelFile;
import paseo.inference.ModelPack.Role;

/** Finds the files of model packs on this machine, checks them before use, and fetches what is missing. */
public final class ModelStore {
    /** Bytes. */
    private static final long LARGEST = 1L << 30;

    private final List<Path> roots;
    private final Path download;

    /**
     * A store of its own.
     *
     * @param roots folders that hold a folder per pack, the first that has a file wins
     * @param download the folder that {@link #pull} fills
     */
    public ModelStore(List<Path> roots, Path download) {
        this.roots = List.copyOf(roots);
        this.download = download;
    }

    /**
     * The usual places: {@code PASEO_MODELS}, {@code models/} and {@code ../shared/models} of the repository
     * (environment {@code PASEO_ROOT}, else the working directory), {@code ~/.paseo/models} (environment
     * {@code PASEO_HOME}), and where InsightFace's own tools put its packs.
     */
    public static ModelStore standard() {
        Path root =
                Path.of(requireNonNullElse(System.getenv("PASEO_ROOT"), ".")).toAbsolutePath();
        Path home = Path.of(System.getProperty("user.home"));
        Path download = paseoHome().resolve("models");
        String chosen = System.getenv("PASEO_MODELS");
        List<Path> roots = new ArrayList<>();
        if (chosen != null) {
            roots.add(Path.of(chosen));
        }
        roots.add(root.resolve("models"));
        roots.add(root.resolve("../shared/models").normalize());
        roots.add(download);
        roots.add(home.resolve(".insightface").resolve("models"));
        return new ModelStore(roots, download);
    }

    /** Where compiled models are kept. */
    static Path engines() {
        return paseoHome().resolve("cache").resolve("tensorrt");
    }

    private static Path paseoHome() {
        String set = System.getenv("PASEO_HOME");
        return set == null ? Path.of(System.getProperty("user.home"), ".paseo") : Path.of(set);
    }

    /**
     * Where a file of a pack lies.
     *
     * @throws ModelPackException if it lies nowhere
     */
    public Path locate(ModelPack pack, ModelFile file) {
        return find(pack, file).orElseThrow(() -> missing(pack, file));
    }

    private Optional<Path> find(ModelPack pack, ModelFile file) {
        return roots.stream()
                .map(root -> root.resolve(pack.directory()).resolve(file.path()))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private ModelPackException missing(ModelPack pack, ModelFile file) {
        String places = roots.stream()
                .map(root -> root.resolve(pack.directory()).toString())
                .distinct()
                .collect(Collectors.joining(", "));
        String way = file.source() instanceof ModelPack.ByHand hand
                ? hand.note()
                : "fetch it with: paseo models pull " + pack.name();
        return new ModelPackException(
                "model pack " + pack.id() + " lacks " + file.path() + " (looked in " + places + "): " + way);
    }

    /** Whether the pack's file for a role is there, whatever is in it. */
    boolean has(ModelPack pack, Role role) {
        return pack.file(role).flatMap(file -> find(pack, file)).isPresent();
    }

    /**
     * The checked bytes of a pack's model: what is loaded is what was checked.
     *
     * @throws ModelPackException if the file is missing or not the one that the pack means
     */
    byte[] read(ModelPack pack, Role role) {
        ModelFile file = pack.file(role)
                .orElseThrow(() -> new ModelPackException("model pack " + pack.id() + " has no " + role));
        Path path = locate(pack, file);
        byte[] bytes;
        try {
            if (Files.size(path) > LARGEST) {
                throw new ModelPackException(path + " has " + Files.size(path) + " bytes: no model of " + pack.id()
                        + " is that large, it must be another file");
            }
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new ModelPackException("cannot read " + path + ": " + e, e);
        }
        String found = sha256(bytes);
        if (!file.sha256().contains(found)) {
            throw new ModelPackException(path + " has " + bytes.length + " bytes and SHA-256 " + found + " where "
                    + String.join(" or ", file.sha256())
                    + " is expected: delete this other or damaged file and run: paseo models pull "
                    + pack.name());
        }
        return bytes;
    }

    /**
     * Checks every file of a pack.
     *
     * @throws ModelPackException if one is missing or not the one that the pack means
     */
    public void verify(ModelPack pack) {
        for (ModelFile file : pack.files()) {
            if (!file.optional() || has(pack, file.role())) {
                read(pack, file.role());
            }
        }
    }

    /**
     * Checks that the user may use a pack.
     *
     * @throws ModelPackException if its licence is restricted and not accepted
     */
    static void checkLicence(ModelPack pack, Set<String> accepted) {
        if (pack.nonCommercial() && !accepted.contains(pack.licence().id())) {
            throw new ModelPackException("model pack " + pack.id() + " is licensed for non-commercial use only ("
                    + pack.licence().name() + ", " + pack.licence().address()
                    + "): if you may use it, say so with --accept-licence "
                    + pack.licence().id());
        }
    }

    /**
     * Fetches a pack if something of it is missing on this machine and all of that can be fetched; otherwise there is
     * nothing to do here, and whoever reads the pack says what is missing.
     *
     * @param accepted ids of the restricted licences that the user accepts
     * @param progress told what is going on, line by line; nothing when the pack is there
     * @return this store
     * @throws ModelPackException if the licence is not accepted, or a file cannot be had or is not the expected one
     */
    public ModelStore complete(ModelPack pack, Set<String> accepted, Consumer<String> progress) {
        List<ModelFile> missing = missing(pack);
        if (missing.isEmpty() || missing.stream().anyMatch(file -> file.source() instanceof ModelPack.ByHand)) {
            return this;
        }
        checkLicence(pack, accepted);
        progress.accept("model pack " + pack.id() + " is not on this machine yet and is fetched");
        try {
            pull(pack, accepted, progress);
        } catch (ModelPackException e) {
            throw new ModelPackException(
                    missing(pack, missing.get(0)).getMessage() + "; just tried: " + e.getMessage(), e);
        }
        return this;
    }

    private List<ModelFile> missing(ModelPack pack) {
        return pack.files().stream()
                .filter(file -> !file.optional() && find(pack, file).isEmpty())
                .toList();
    }

    /** As {@link #pull(ModelPack, Set, Consumer)} for packs that anybody may use. */
    public void pull(ModelPack pack, Consumer<String> progress) {
        pull(pack, Set.of(), progress);
    }

    /**
     * Fetches what is missing of a pack from where it is published, converts what has to be, checks everything, and
     * puts it in place at once or not at all. What is there and right is kept.
     *
     * @param accepted ids of the restricted licences that the user accepts
     * @param progress told what is going on, line by line
     * @throws ModelPackException if the licence is not accepted, or a file cannot be had or is not the expected one
     */
    public void pull(ModelPack pack, Set<String> accepted, Consumer<String> progress) {
        checkLicence(pack, accepted);
        try (ModelDownload downloads = new ModelDownload(download.resolve(pack.directory()), progress)) {
            for (ModelFile file : pack.files()) {
                Optional<Path> there = find(pack, file);
                if (there.isPresent()) {
                    read(pack, file.role());
                    progress.accept(file.path() + " is there: " + there.get());
                } else {
                    downloads.fetch(file);
                }
            }
        } catch (IOException e) {
            throw new ModelPackException("cannot fetch the model pack " + pack.id() + ": " + e.getMessage(), e);
        }
    }

    /** What of the bundled packs is on this machine. */
    public List<PackStatus> describe() {
        return ModelPack.BUNDLED.stream()
                .map(ModelPack::load)
                .map(this::describe)
                .toList();
    }

    private PackStatus describe(ModelPack pack) {
        List<String> missing = missing(pack).stream().map(ModelFile::path).toList();
        @Nullable String problem = null;
        if (missing.isEmpty()) {
            try {
                verify(pack);
            } catch (ModelPackException e) {
                problem = e.getMessage();
            }
        }
        Optional<Path> folder = pack.files().stream()
                .flatMap(file -> find(pack, file).stream())
                .flatMap(path -> Stream.ofNullable(path.getParent()))
                .findFirst();
        return new PackStatus(pack, folder, missing, Optional.ofNullable(problem));
    }

    /**
     * What of a pack is on this machine.
     *
     * @param pack the pack
     * @param folder where its first file lies
     * @param missing files that have to be fetched
     * @param problem why the files that are there cannot be used
     */
    public record PackStatus(ModelPack pack, Optional<Path> folder, List<String> missing, Optional<String> problem) {
        /** Whether the pack can be used. */
        public boolean ready() {
            return missing.isEmpty() && problem.isEmpty();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
