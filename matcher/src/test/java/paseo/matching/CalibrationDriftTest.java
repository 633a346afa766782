package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationDriftTest {
    private static final double RATE = 0.02;

    @Test
    void knowsNothingAtFirst() {
        CalibrationDrift drift = new CalibrationDrift(RATE);

        assertThat(drift.ratio()).isNaN();
        assertThat(drift.alarming()).isFalse();
    }

    @Test
    void theRatioIsThatOfShares() {
        CalibrationDrift drift = new CalibrationDrift(RATE);
        for (int i = 0; i < 100; i++) {
            drift.add(i < 3);
        }
        assertThat(drift.seen()).isEqualTo(100);
        assertThat(drift.ratio()).isCloseTo(1.5, within(1e-12));
        assertThat(drift.alarming()).isFalse();
    }

    /** However often one looks: a site that is as calibrated, or drifts less than twofold, hardly ever alarms. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.039})
    void staysCalmWithoutDrift(double share) {
        int alarmed = 0;
        for (int site = 0; site < 200; site++) {
            alarmed += pairsUntilAlarm(site, share, 5_000) <= 5_000 ? 1 : 0;
        }
        assertThat(alarmed).isLessThanOrEqualTo(2);
    }

    @Test
    void alarmsSoonAtAFivefoldShare() {
        for (int site = 0; site < 200; site++) {
            assertThat(pairsUntilAlarm(site, 0.1, 5_000)).isBetween(5, 1_500);
        }
    }

    @Test
    void oneStrangePairIsNoCertainty() {
        CalibrationDrift drift = new CalibrationDrift(RATE);
        drift.add(true);
        assertThat(drift.ratio()).isCloseTo(50, within(1e-9));
        assertThat(drift.alarming()).isFalse();
    }

    @Test
    void whatIsCommonAnywayCannotDouble() {
        CalibrationDrift drift = new CalibrationDrift(0.6);
        for (int i = 0; i < 1_000; i++) {
            drift.add(true);
        }
        assertThat(drift.alarming()).isFalse();
    }

    private static int pairsUntilAlarm(int seed, double share, int limit) {
        Random random = new Random(seed);
        CalibrationDrift drift = new CalibrationDrift(RATE);
        for (int i = 1; i <= limit; i++) {
            drift.add(random.nextDouble() < share);
            if (drift.alarming()) {
                return i;
            }
        }
        return limit + 1;
    }
}
