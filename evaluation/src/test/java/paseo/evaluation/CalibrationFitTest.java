package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.Searches;
import paseo.evaluation.methods.Sequences;
import paseo.evaluation.methods.TemplateMethod;
import paseo.evaluation.scoring.OpenSet;
import paseo.matching.Calibration;

class CalibrationFitTest {
    private static final int DIMENSION = 32;

    @Test
    void asManyStrangersPassAsWereAskedForInGalleriesOfOtherPeople() {
        Calibration calibration = CalibrationFit.fit("test", "test@1", "made up", List.of(people(0, 400)));
        for (int persons : new int[] {60, 150, 600}) {
            OpenSet strangers = OpenSet.of(Searches.against(
                    people(10_000, persons), people(20_000, 2_000), false, TemplateMethod.ours(calibration.cohort())));

            assertThat(strangers.fpir(calibration.threshold(persons, 0.05)))
                    .as("gallery of %d", persons)
                    .isBetween(0.025, 0.1);
        }
    }

    @Test
    void fewPeopleAreNoCalibration() {
        assertThatThrownBy(() -> CalibrationFit.fit("test", "test@1", "made up", List.of(people(0, 20))))
                .hasMessageContaining("needs 150 people")
                .hasMessageContaining("there are 20");
    }

    private static List<FaceSequence> people(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(person -> Sequences.seen(person, 0, DIMENSION))
                .toList();
    }
}
