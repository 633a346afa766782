package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fault")
@DisplayName("row 39: times that are missing, huge or go back are repaired and counted")
class CaptureTimesTest {
    private static final long NONE = Long.MIN_VALUE;

    @Test
    void keepsTimesThatGoForward() {
        CaptureTimes times = new CaptureTimes(25, 10_000_000);

        assertThat(repaired(times, 0, 40_000, 50_000, 900_000)).containsExactly(0L, 40_000L, 50_000L, 900_000L);
        assertThat(times.repairs()).isZero();
    }

    @Test
    void fillsInMissingTimesAtTheNominalRate() {
        CaptureTimes times = new CaptureTimes(25, 0);

        assertThat(repaired(times, NONE, NONE, NONE)).containsExactly(0L, 40_000L, 80_000L);
        assertThat(times.repairs()).isEqualTo(3);
    }

    @Test
    void aStepBackOrARepetitionBecomesAMicrosecond() {
        CaptureTimes times = new CaptureTimes(25, 0);

        assertThat(repaired(times, -5_000, 40_000, 40_000, 30_000, 80_000))
                .containsExactly(0L, 40_000L, 40_001L, 40_002L, 80_000L);
        assertThat(times.repairs()).isEqualTo(3);
    }

    @Test
    void timesThatStartAgainContinue() {
        CaptureTimes times = new CaptureTimes(25, 0);

        assertThat(repaired(times, 0, 5_000_000, 0, 40_000)).containsExactly(0L, 5_000_000L, 5_040_000L, 5_080_000L);
    }

    @Test
    void aTimeFarBehindTheEndIsNotBelieved() {
        CaptureTimes times = new CaptureTimes(25, 1_000_000);

        assertThat(repaired(times, 0, Long.MAX_VALUE / 2, 80_000)).containsExactly(0L, 40_000L, 80_000L);
        assertThat(times.repairs()).isEqualTo(1);
    }

    @Test
    void timesThatGoOnBehindADeclaredEndAreKept() {
        CaptureTimes times = new CaptureTimes(25, 10_000_000);

        long[] seconds =
                LongStream.rangeClosed(0, 60).map(second -> second * 1_000_000).toArray();
        assertThat(repaired(times, seconds))
                .containsExactlyElementsOf(LongStream.of(seconds).boxed().toList());
        assertThat(times.repairs()).isZero();
    }

    @Test
    void timesAlwaysGoForward() {
        Random random = new Random(11);
        for (int trial = 0; trial < 200; trial++) {
            CaptureTimes times = new CaptureTimes(random.nextInt(60), random.nextInt(20_000_000));
            long last = -1;
            for (int frame = 0; frame < 200; frame++) {
                OptionalLong time = random.nextInt(5) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(random.nextLong(-10_000_000, 100_000_000));
                long next = times.next(time);
                assertThat(next).isGreaterThan(last);
                last = next;
            }
        }
    }

    private static List<Long> repaired(CaptureTimes times, long... presentation) {
        List<Long> repaired = new ArrayList<>();
        for (long time : presentation) {
            repaired.add(times.next(time == NONE ? OptionalLong.empty() : OptionalLong.of(time)));
        }
        return repaired;
    }
}
