package paseo.matching;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows whether a site is like the data that its calibration was fitted on, and warns, once, when it is not: by people
 * who were seen together, and by sequences, whose faces are one person's. Without a calibration there is nothing to
 * show.
 */
final class CalibrationMonitor {
    private static final Logger log = LoggerFactory.getLogger(CalibrationMonitor.class);

    private final Check strangers;
    private final Check same;

    CalibrationMonitor(Thresholds thresholds, MeterRegistry registry) {
        this.strangers = new Check(
                thresholds.tail().map(ImpostorTail::rate),
                similarity -> thresholds
                        .tail()
                        .filter(tail -> similarity >= tail.from())
                        .isPresent(),
                "people seen together look {} times as often alike as the calibration says, of {} pairs: more"
                        + " strangers than asked for may be taken for somebody; calibrate on this site's faces");
        this.same = new Check(
                thresholds.within().map(Calibration.Within::share),
                similarity -> thresholds
                        .within()
                        .filter(within -> similarity <= within.similarity())
                        .isPresent(),
                "faces of one sequence look {} times as often unlike each other as the calibration says, of {}"
                        + " sequences: more people than expected may not be recognised; look at light, focus and size"
                        + " of the faces, or calibrate on this site's");
        strangers.show(registry, "strangers");
        same.show(registry, "same");
    }

    /**
     * Begins again with what is known.
     *
     * @param together people seen together, and how many of them are as similar as the tail of the calibration
     * @param within of sequences, see {@link Similarity#within}
     */
    void restart(CannotLink.Remembered together, List<Double> within) {
        strangers.restart(together.pairs(), together.alike());
        same.restart(within.size(), within.stream().filter(same.strange::test).count());
    }

    /** Notes two people who were seen together. */
    void together(double similarity) {
        strangers.observe(similarity);
    }

    /** Notes a sequence. */
    void within(double similarity) {
        same.observe(similarity);
    }

    private static final class Check {
        private final Optional<Double> rate;
        private final DoublePredicate strange;
        private final String warning;
        private @Nullable CalibrationDrift drift;
        private boolean warned;

        Check(Optional<Double> rate, DoublePredicate strange, String warning) {
            this.rate = rate;
            this.strange = strange;
            this.warning = warning;
        }

        void show(MeterRegistry registry, String pairs) {
            if (rate.isPresent()) {
                Gauge.builder("paseo.calibration.drift", this, Check::ratio)
                        .description(
                                "How often faces of strangers are alike (pairs=strangers), or those of one sequence"
                                        + " are not (pairs=same), over what the calibration expects")
                        .tag("pairs", pairs)
                        .register(registry);
            }
        }

        synchronized void restart(long count, long happened) {
            drift = rate.map(CalibrationDrift::new).orElse(null);
            if (drift != null) {
                drift.add(count, happened);
                warn(drift);
            }
        }

        synchronized void observe(double similarity) {
            if (drift != null) {
                drift.add(strange.test(similarity));
                warn(drift);
            }
        }

        private void warn(CalibrationDrift observed) {
            if (!warned && observed.alarming()) {
                warned = true;
                log.warn(warning, Math.round(observed.ratio() * 10) / 10.0, observed.seen());
            }
        }

        private synchronized double ratio() {
            return drift == null ? Double.NaN : drift.ratio();
        }
    }
}
