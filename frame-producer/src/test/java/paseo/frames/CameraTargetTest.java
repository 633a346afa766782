package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import paseo.events.Camera;

class CameraTargetTest {
    @ParameterizedTest
    @CsvSource({"0, 5, 5", "3, 5, 3", "8, 5, 5"})
    void theLimitOfAllCamerasLowersThatOfEach(double own, double ofAll, double fps) {
        assertThat(stored(own).limited(OptionalDouble.of(ofAll)).fps()).isEqualTo(fps);
    }

    @Test
    void withoutOneEachKeepsItsOwn() {
        assertThat(stored(0).limited(OptionalDouble.empty())).isEqualTo(stored(0));
        assertThat(stored(3).limited(OptionalDouble.empty())).isEqualTo(stored(3));
    }

    @Test
    void noMoreIsSentOfACameraThanItMaySend() {
        assertThat(stored(0).sent(25)).isEqualTo(25);
        assertThat(stored(5).sent(25)).isEqualTo(5);
        assertThat(stored(30).sent(25)).isEqualTo(25);
    }

    private static CameraTarget stored(double fps) {
        return CameraTarget.of(new Camera("a", "rtsp://host/", fps, 0, Optional.empty(), 0, false));
    }
}
