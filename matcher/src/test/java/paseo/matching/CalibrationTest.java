package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
    private static final ImpostorTail TAIL = new ImpostorTail(0.25, 0.05, 0.03, -0.05);
    private static final Calibration CALIBRATION = Calibration.of(
            "test-3",
            "test@1",
            new Calibration.Fitted("made up", 100, 4950),
            TAIL,
            new Cohort(10, List.of(0.0, 0.05, 0.1, 0.15, 0.2, 0.22, 0.25), TAIL),
            new Calibration.Within(0.7, 0.05),
            new Calibration.Rule(0.01, 5, 0.1, 0.04, 1));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1_000, 10_000})
    void asManyStrangersAsAskedReachTheThreshold(int persons) {
        double fmr = TAIL.fmr(CALIBRATION.threshold(persons));

        assertThat(1 - Math.pow(1 - fmr, persons)).isCloseTo(0.01, within(1e-9));
    }

    /** The promise of t(N) by simulation: strangers against galleries, each similarity drawn from the tail. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void theShareOfStrangersTakenForSomebodyStaysPut(int persons) {
        Random random = new Random(persons);
        double threshold = CALIBRATION.threshold(persons);
        int strangers = 20_000;
        int taken = 0;
        for (int i = 0; i < strangers; i++) {
            // The largest of N uniform draws.
            double rarest = 1 - Math.pow(random.nextDouble(), 1.0 / persons);
            taken += rarest < TAIL.rate() && TAIL.similarityAt(rarest) >= threshold ? 1 : 0;
        }
        assertThat((double) taken / strangers).isBetween(0.005, 0.02);
    }

    @Test
    void thresholdsAreInOrderAndGrowWithTheGallery() {
        Thresholds thresholds = CALIBRATION.thresholds();
        MatchThresholds before = thresholds.at(0);
        assertThat(before).isEqualTo(thresholds.at(1));
        for (long persons = 2; persons < 1_000_000; persons *= 3) {
            MatchThresholds next = thresholds.at(persons);
            assertThat(next.create()).isGreaterThanOrEqualTo(TAIL.from()).isLessThan(next.accept());
            assertThat(next.weak()).isGreaterThan(next.accept());
            assertThat(next.accept()).isGreaterThan(before.accept());
            assertThat(next.margin()).isEqualTo(0.04);
            assertThat(next.calibration()).isEqualTo("test-3");
            before = next;
        }
    }

    @Test
    void anotherTargetMovesTheThresholdsAndShowsInTheName() {
        MatchThresholds strict = CALIBRATION.thresholds(0.001).at(100);

        assertThat(strict.accept()).isEqualTo(CALIBRATION.threshold(100, 0.001));
        assertThat(strict.accept()).isGreaterThan(CALIBRATION.threshold(100));
        assertThat(strict.calibration()).isEqualTo("test-3/fpir=0.001");
        assertThat(CALIBRATION.thresholds(0.01).at(5).calibration()).isEqualTo("test-3");
        assertThatThrownBy(() -> CALIBRATION.thresholds(0)).hasMessageContaining("targetFpir");
    }

    @Test
    void aSmallGalleryIsTreatedAsALargerOne() {
        Calibration strict = Calibration.of(
                "test-4",
                "test@1",
                CALIBRATION.fitted(),
                TAIL,
                CALIBRATION.cohort(),
                CALIBRATION.within(),
                new Calibration.Rule(0.01, 5, 0.1, 0.04, 30));

        assertThat(strict.threshold(2)).isEqualTo(CALIBRATION.threshold(30));
        assertThat(strict.threshold(100)).isEqualTo(CALIBRATION.threshold(100));
    }

    @Test
    void aFileKeepsEveryNumber() throws IOException {
        Path file = directory.resolve("calibration.json");
        CALIBRATION.write(file);

        assertThat(Calibration.read(file)).isEqualTo(CALIBRATION);
        String written = Files.readString(file);
        Calibration.read(file).write(file);
        assertThat(Files.readString(file)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "margin"         | "mragin": 1, "margin" | mragin
                    "share" : 0.05   | "share" : 1           | share must lie in (0, 1)
                    "rate" : 0.05    | "rate" : 0            | rate must lie in (0, 1)
                    "format" : 2     | "format" : 1          | this program reads format 2
                    "similarity" : 1 | "similarity" : 7      | definition 7
                    "persons" : 100  | "persons" : null      | persons
                    "scale" : 0.03,  |                       | scale
                    "pack" :         | "pack" : "x@1", "pack":| Duplicate
                    {                | [                     | Cannot
                    }                | }}                    | is not JSON
                    """)
    void whatItDoesNotUnderstandIsRefused(String good, String bad, String message) throws IOException {
        Path file = directory.resolve("calibration.json");
        CALIBRATION.write(file);
        String json = Files.readString(file);
        assertThat(json).contains(good);
        int at = good.equals("}") ? json.lastIndexOf(good) : json.indexOf(good);
        Files.writeString(file, json.substring(0, at) + (bad == null ? "" : bad) + json.substring(at + good.length()));

        assertThatThrownBy(() -> Calibration.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = directory.resolve("missing.json");
        assertThatThrownBy(() -> Calibration.read(missing))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("missing.json");
        assertThatThrownBy(() -> CALIBRATION.write(missing.resolve("below")))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("cannot write");
    }

    @Test
    void anotherPacksCalibrationIsRefused() {
        assertThat(CALIBRATION.requirePack("test@1")).isEqualTo(CALIBRATION);
        assertThatThrownBy(() -> CALIBRATION.requirePack("test@2"))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("test-3 is for the model pack test@1, not for test@2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"retail@1", "insightface@1"})
    void packsHaveCalibrationsOfTheirOwn(String pack) {
        Calibration calibration = Calibration.shipped(pack).orElseThrow();

        assertThat(calibration.requirePack(pack).threshold(1_000)).isBetween(0.3, 0.7);
    }

    @Test
    void packsWithoutACalibrationHaveNone() {
        assertThat(Calibration.shipped("sface@1")).isEmpty();
        assertThat(Calibration.shipped("retail@2")).isEmpty();
        assertThat(Calibration.shipped("../retail@1")).isEmpty();
        assertThat(Calibration.shipped("retail")).isEmpty();
    }
}
