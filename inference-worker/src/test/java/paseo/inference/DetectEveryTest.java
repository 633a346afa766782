package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import paseo.events.FrameReference;

class DetectEveryTest {
    @Test
    void oneOfAFilesNFramesIsLookedAt() {
        assertThat(looked(new DetectEvery(3), 0, 1, 2, 3, 4, 5, 6)).containsExactly(0, 3, 6);
        assertThat(looked(new DetectEvery(1), 0, 1, 2)).containsExactly(0, 1, 2);
    }

    @Test
    void whoeverTakesOverLooksAtTheSameFrames() {
        assertThat(looked(new DetectEvery(3), 4, 5, 6, 7)).containsExactly(6);
        DetectEvery told = new DetectEvery(3);
        told.heartbeat(reference(4));
        assertThat(looked(told, 5, 7, 8)).containsExactly(7);
    }

    @Test
    void gapsInTheNumbersHideNoGroup() {
        assertThat(looked(new DetectEvery(2), 0, 3, 5, 7, 8, 9)).containsExactly(0, 3, 5, 7, 8);
    }

    private static Integer[] looked(DetectEvery every, int... numbers) {
        return Arrays.stream(numbers)
                .filter(number -> every.looks(reference(number)))
                .boxed()
                .toArray(Integer[]::new);
    }

    private static FrameReference reference(long number) {
        return new FrameReference("door", 7, number, number * 40_000, 0);
    }
}
