package paseo.standalone;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import paseo.inference.ModelPack;
import paseo.matching.Calibration;
import paseo.matching.CalibrationException;
import paseo.matching.MatchThresholds;
import paseo.matching.Thresholds;

/** What similarities of a model pack have to reach: by a calibration where there is one. */
final class PackThresholds {
    private static final Logger log = LoggerFactory.getLogger(PackThresholds.class);

    private PackThresholds() {}

    /**
     * The user's calibration, else the shipped one, else the fixed thresholds that the pack itself starts with.
     *
     * @param notes told, in one line, where the last is so
     * @throws Refusal if the user's calibration cannot be read or is another pack's
     */
    static Thresholds of(ModelPack pack, RunSettings settings, Consumer<String> notes) {
        if (settings.calibration().isEmpty() && Calibration.shipped(pack.id()).isEmpty()) {
            notes.accept("the model pack " + pack.id() + " has no calibration: the more people are stored, the more"
                    + " strangers are taken for somebody ('paseo evaluate calibrate' makes one, for --calibration)");
        }
        return of(pack, settings.calibration(), settings.targetFpir());
    }

    /** The same, for whoever runs nothing. */
    static Thresholds of(ModelPack pack, Optional<Path> calibrationFile, OptionalDouble targetFpir) {
        try {
            return calibrationFile
                    .map(file -> Calibration.read(file).requirePack(pack.id()))
                    .or(() -> Calibration.shipped(pack.id()))
                    .map(calibration -> calibrated(calibration, targetFpir))
                    .orElseGet(() -> starting(pack, targetFpir));
        } catch (CalibrationException e) {
            throw Refusal.atStart(e);
        }
    }

    private static Thresholds calibrated(Calibration calibration, OptionalDouble targetFpir) {
        double target = targetFpir.orElse(calibration.rule().targetFpir());
        log.info("calibration {}, at most {} of strangers taken for somebody", calibration.version(), target);
        return calibration.thresholds(target);
    }

    private static Thresholds starting(ModelPack pack, OptionalDouble targetFpir) {
        if (targetFpir.isPresent()) {
            throw Refusal.usage("--target-fpir needs a calibration, and none is shipped for the model pack " + pack.id()
                    + ": give one by --calibration");
        }
        ModelPack.Thresholds starting = pack.thresholds();
        log.warn(
                "the model pack {} has no calibration: its fixed starting thresholds take the more strangers for"
                        + " somebody, the more people are stored",
                pack.id());
        return new MatchThresholds(starting.accept(), starting.create(), starting.margin(), pack.id() + "/starting");
    }
}
