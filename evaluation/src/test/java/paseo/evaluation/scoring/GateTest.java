package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import paseo.evaluation.scoring.Gate.Check;

class GateTest {
    private static Scores scores() {
        Map<String, Estimate> fnir = new LinkedHashMap<>();
        fnir.put("ours", new Estimate.Known(0.05, 0.02, 0.09));
        fnir.put("any_face", Estimate.notEnough(120, 300, "non-mated probes"));
        return new Scores()
                .state("preset", "easy")
                .put("fpir", Estimate.notEnough(120, 300, "non-mated probes"))
                .put("fnir_at_fpir_1", fnir)
                .put("bcubed_f", new Estimate.Known(0.973456789, 0.96, 0.98))
                .put("contamination", new Estimate.Known(0, 0, 0.03))
                .put("same_frame_duplicates", Estimate.exact(0));
    }

    @ParameterizedTest
    @CsvSource({
        "bcubed_f<0.95 || contamination>0.005, PASSED PASSED",
        "bcubed_f < .98||contamination>0.005, FAILED PASSED",
        "contamination>=0, FAILED",
        "contamination>0, PASSED",
        "bcubed_f<=9.8e-1, FAILED",
        "fnir_at_fpir_1.ours>0.1, PASSED",
        "fnir_at_fpir_1.ours>0.01, FAILED",
        "fpir>0.5, UNKNOWN",
        "same_frame_duplicates>0 || fnir_at_fpir_1.any_face>0.9, PASSED UNKNOWN"
    })
    void comparisons(String condition, String verdicts) {
        List<Check> checks = Gate.parse(condition).check(scores());
        assertThat(String.join(
                        " ",
                        checks.stream().map(check -> check.verdict().name()).toList()))
                .isEqualTo(verdicts);
        assertThat(Gate.failed(checks)).isEqualTo(verdicts.contains("FAILED") || verdicts.contains("UNKNOWN"));
    }

    @Test
    void everyCheckSaysWhatItSaw() {
        List<String> lines = Gate.parse("bcubed_f<0.98 || fpir>0.02 || contamination>0.005").check(scores()).stream()
                .map(Check::line)
                .toList();
        assertThat(lines)
                .containsExactly(
                        "FAILED: bcubed_f<0.98 (0.9735, 95 % interval 0.96 to 0.98)",
                        "FAILED: fpir>0.02 can't be told (not enough data: 120 non-mated probes, needs 300)",
                        "passed: not contamination>0.005 (0, 95 % interval 0 to 0.03)");
    }

    @ParameterizedTest
    @CsvSource({
        "bcubedf<0.9, did you mean 'bcubed_f'?",
        "fnir_at_fpir_1.our>0.1, did you mean 'fnir_at_fpir_1.ours'?",
        "fnir_at_fpir_1>0.1, did you mean 'fnir_at_fpir_1.ours'?",
        "speed<3, 'there are fpir, fnir_at_fpir_1.ours'"
    })
    void unknownScoresAreRefusedWithTheNearest(String condition, String expected) {
        Gate gate = Gate.parse(condition);
        assertThatThrownBy(() -> gate.requireKnown(scores().keys()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no score")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bcubed_f", "bcubed_f<", "bcubed_f=1", "0.9>bcubed_f", "bcubed_f<0.9 ||", "a<1 && b<2"})
    void whatIsNoConditionIsRefused(String condition) {
        assertThatThrownBy(() -> Gate.parse(condition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot read '");
    }

    @Test
    void jsonHasIntervalsAndReasonsBesideTheScores() throws IOException {
        JsonNode json = new ObjectMapper().readTree(scores().json());
        assertThat(json.get("preset").textValue()).isEqualTo("easy");
        assertThat(json.get("bcubed_f").doubleValue()).isEqualTo(0.973457);
        assertThat(json.get("bcubed_f_ci").toString()).isEqualTo("[0.96,0.98]");
        assertThat(json.has("bcubed_f_note")).isFalse();
        assertThat(json.get("fpir").isNull()).isTrue();
        assertThat(json.get("fpir_ci").isNull()).isTrue();
        assertThat(json.get("fpir_note").textValue()).startsWith("not enough data");
        assertThat(json.get("same_frame_duplicates").toString()).isEqualTo("0");
        assertThat(json.get("fnir_at_fpir_1").toString()).isEqualTo("{\"ours\":0.05,\"any_face\":null}");
        assertThat(json.get("fnir_at_fpir_1_ci").toString()).isEqualTo("{\"ours\":[0.02,0.09],\"any_face\":null}");
        assertThat(json.get("fnir_at_fpir_1_note").get("any_face").textValue()).contains("needs 300");
    }
}
