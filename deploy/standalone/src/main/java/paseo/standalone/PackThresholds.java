package paseo.standalone;

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
     * @throws Refusal if the user's calibration cannot be read or is another pack's
     */
    static Thresholds of(ModelPack pack, RunSettings settings) {
        try {
            return settings.calibration()
                    .map(file -> Calibration.read(file).requirePack(pack.id()))
                    .or(() -> Calibration.shipped(pack.id()))
                    .map(calibration -> calibrated(calibration, settings))
                    .orElseGet(() -> starting(pack, settings));
        } catch (CalibrationException e) {
            throw Refusal.atStart(e);
        }
    }

    private static Thresholds calibrated(Calibration calibration, RunSettings settings) {
        double target = settings.targetFpir().orElse(calibration.rule().targetFpir());
        log.info("calibration {}, at most {} of strangers taken for somebody", calibration.version(), target);
        return calibration.thresholds(target);
    }

    private static Thresholds starting(ModelPack pack, RunSettings settings) {
        if (settings.targetFpir().isPresent()) {
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
