package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import picocli.CommandLine.Option;

/** Which calibration to measure with. */
final class CalibrationOption {
    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Of the pack. Default: the one that comes with Paseo.")
    private @Nullable Path file;

    /**
     * The one in the file, else the one that is shipped for the pack.
     *
     * @throws IOException if there is none
     */
    Calibration of(ModelPack pack) throws IOException {
        if (file != null) {
            return Calibration.read(file).requirePack(pack.id());
        }
        return Calibration.shipped(pack.id())
                .orElseThrow(() -> new IOException("there is no calibration for the pack " + pack.id()
                        + ": make one with `paseo evaluate calibrate` and give it with --calibration FILE"));
    }

    /** The option as it would be given to {@code paseo run}. */
    List<String> arguments() {
        return file == null ? List.of() : List.of("--calibration", file.toString());
    }
}
