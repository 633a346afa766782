package paseo.standalone;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How people are recognised, whether files or cameras show them. */
final class RecognitionOptions {
    @Option(
            names = "--pack",
            paramLabel = "NAME",
            defaultValue = "retail",
            description = "Model pack, see 'paseo models', or the path of a manifest (default: ${DEFAULT-VALUE})."
                    + " Another one than before begins with nobody, unless 'paseo gallery reembed' has moved everybody"
                    + " to it.")
    private String pack = "retail";

    @Option(
            names = "--accept-licence",
            paramLabel = "ID",
            split = ",",
            description = "Accepts the restricted licence of a model pack, as in --accept-licence insightface.")
    private Set<String> acceptedLicences = new LinkedHashSet<>();

    @Option(
            names = "--target-fpir",
            paramLabel = "SHARE",
            description = "Share of strangers that may be taken for somebody seen before, however many people are"
                    + " stored (default: the calibration's, 0.01).")
    private @Nullable Double targetFpir;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration of the model pack, as 'paseo evaluate calibrate' writes it (default: the one"
                    + " that is shipped for the pack).")
    private @Nullable Path calibration;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Pictures looked at at the same time (default: one per core). Does not change what is seen"
                    + " in them.")
    private @Nullable Integer threads;

    String pack() {
        return pack;
    }

    Set<String> acceptedLicences() {
        return acceptedLicences;
    }

    Optional<Path> calibration() {
        return Optional.ofNullable(calibration);
    }

    /** @throws Refusal if it is not a share */
    OptionalDouble targetFpir() {
        if (targetFpir != null && !(targetFpir > 0 && targetFpir <= 0.5)) {
            throw Refusal.usage("--target-fpir takes a share above 0, up to 0.5, not " + targetFpir);
        }
        return targetFpir == null ? OptionalDouble.empty() : OptionalDouble.of(targetFpir);
    }

    /** @throws Refusal if it is not a number of threads */
    OptionalInt threads() {
        if (threads != null && (threads < 1 || threads > 256)) {
            throw Refusal.usage("--threads takes a number from 1 to 256, not " + threads);
        }
        return threads == null ? OptionalInt.empty() : OptionalInt.of(threads);
    }

    /**
     * Pictures a second, as both commands take them.
     *
     * @throws Refusal if it is not a rate
     */
    static OptionalDouble rate(@Nullable Double fps) {
        if (fps != null && !(fps > 0 && fps <= 1000)) {
            throw Refusal.usage("--fps takes a number above 0, up to 1000, not " + fps);
        }
        return fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps);
    }
}
