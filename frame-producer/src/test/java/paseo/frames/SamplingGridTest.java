package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingGridTest {
    @Test
    void takesEveryFrameWithoutARate() {
        SamplingGrid grid = new SamplingGrid(OptionalDouble.empty());

        assertThat(grid.takes(0)).isTrue();
        assertThat(grid.takes(1)).isTrue();
    }

    @Test
    void takesEverySixthOfThirtyAtFive() {
        assertThat(taken(5, 30, 1)).startsWith(0, 6, 12, 18).hasSize(50);
    }

    /** Time stamps in whole milliseconds, as in mkv, or in microseconds. */
    @ParameterizedTest
    @ValueSource(doubles = {23.976, 24, 25, 29.97, 30, 50, 59.94, 60})
    void keepsEveryFrameAtTheFilesOwnRate(double rate) {
        assertThat(taken(rate, rate, 1000)).hasSize(300);
        assertThat(taken(rate, rate, 1)).hasSize(300);
    }

    @Test
    void neverTakesMoreThanTheRateWhateverTheTimeStamps() {
        Random random = new Random(5);
        for (int trial = 0; trial < 100; trial++) {
            double fps = 0.1 + random.nextDouble() * 30;
            SamplingGrid grid = new SamplingGrid(OptionalDouble.of(fps));
            long time = 0;
            int taken = 0;
            for (int frame = 0; frame < 500; frame++) {
                taken += grid.takes(time) ? 1 : 0;
                time += 1 + random.nextInt(100_000);
            }
            assertThat(taken).isBetween(1, (int) Math.ceil(time * fps / 1e6 + 0.1) + 1);
        }
    }

    private static List<Integer> taken(double fps, double rate, long unitMicros) {
        SamplingGrid grid = new SamplingGrid(OptionalDouble.of(fps));
        List<Integer> taken = new ArrayList<>();
        for (int frame = 0; frame < 300; frame++) {
            long time = Math.round(frame * 1e6 / rate / unitMicros) * unitMicros;
            if (grid.takes(time)) {
                taken.add(frame);
            }
        }
        return taken;
    }
}
