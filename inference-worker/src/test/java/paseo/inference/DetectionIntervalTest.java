package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionIntervalTest {
    @Test
    void isReadAsItIsWritten() {
        assertThat(DetectionInterval.parse("1")).isEqualTo(DetectionInterval.EVERY_FRAME);
        assertThat(DetectionInterval.parse("3")).isEqualTo(new DetectionInterval(3, 3));
        assertThat(DetectionInterval.parse("1/5")).isEqualTo(new DetectionInterval(1, 5));
        assertThat(DetectionInterval.parse("1000")).hasToString("1000");
        assertThat(new DetectionInterval(2, 10)).hasToString("2/10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1/0", "-1", "5/2", "1001", "1/1001", "1/", "/5", "1/5/9", "two", "99999"})
    void whatMakesNoSenseIsRefused(String words) {
        assertThatThrownBy(() -> DetectionInterval.parse(words)).isInstanceOf(IllegalArgumentException.class);
    }
}
