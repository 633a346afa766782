package paseo.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;

/** Which calibration to measure with. */
final class CalibrationOption {
    private CalibrationOption() {}

    /**
     * The one in the file, else the one that is shipped for the pack.
     *
     * @throws IOException if there is none
     */
    static Calibration of(@Nullable Path file, ModelPack pack) throws IOException {
        if (file != null) {
            return Calibration.read(file).requirePack(pack.id());
        }
        return Calibration.shipped(pack.id())
                .orElseThrow(() -> new IOException("there is no calibration for the pack " + pack.id()
                        + ": make one with `paseo evaluate calibrate` and give it with --calibration FILE"));
    }
}
