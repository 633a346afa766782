package paseo.matching;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the {@link CalibrationDrift} and warns of it, once. Without a calibration there is nothing to show. */
final class CalibrationMonitor {
    private static final Logger log = LoggerFactory.getLogger(CalibrationMonitor.class);

    private final Optional<ImpostorTail> tail;
    private @Nullable CalibrationDrift drift;
    private boolean warned;

    CalibrationMonitor(Optional<ImpostorTail> tail, MeterRegistry registry) {
        this.tail = tail;
        if (tail.isPresent()) {
            Gauge.builder("paseo.calibration.drift", this, CalibrationMonitor::ratio)
                    .description(
                            "Pairs seen together that are as similar as the tail of strangers, over those expected")
                    .register(registry);
        }
    }

    /** Begins again with the pairs that are known. */
    synchronized void restart(List<Double> similarities) {
        drift = tail.map(CalibrationDrift::new).orElse(null);
        similarities.forEach(this::observe);
    }

    /** Notes a new pair. */
    synchronized void observe(double similarity) {
        if (drift == null) {
            return;
        }
        drift.add(similarity);
        if (!warned && drift.alarming()) {
            warned = true;
            log.warn(
                    "people seen together look {} times as often alike as the calibration says, of {} pairs: more"
                            + " strangers than asked for may be taken for somebody; calibrate on this site's faces",
                    Math.round(drift.ratio() * 10) / 10.0,
                    drift.pairs());
        }
    }

    private synchronized double ratio() {
        return drift == null ? Double.NaN : drift.ratio();
    }
}
