package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import paseo.events.FrameReference;

class DetectEveryTest {
    @Test
    void oneOfNFramesIsLookedAt() {
        assertThat(looked(every(3, 3), 0, 1, 2, 3, 4, 5, 6)).containsExactly(0, 3, 6);
        assertThat(ofFile(every(3, 3), 0, 1, 2, 3, 4, 5, 6)).containsExactly(0, 3, 6);
        assertThat(looked(every(1, 1), 0, 1, 2)).containsExactly(0, 1, 2);
    }

    @Test
    void whoeverTakesOverLooksAtTheSameFrames() {
        assertThat(looked(every(3, 3), 4, 5, 6, 7)).containsExactly(6);
        DetectEvery told = every(3, 3);
        told.heartbeat(reference(4));
        assertThat(looked(told, 5, 7, 8)).containsExactly(7);
    }

    @Test
    void gapsInACamerasNumbersHideNoGroup() {
        assertThat(looked(every(2, 2), 0, 3, 5, 7, 8, 9)).containsExactly(0, 3, 5, 7, 8);
    }

    /** As where a file's frames are sampled: whoever takes over does not know which one came before. */
    @Test
    void gapsInAFilesNumbersDoNotMatterToWhoeverTakesOver() {
        int[] numbers = {0, 3, 5, 8, 10, 13, 15, 18, 20};
        assertThat(ofFile(every(2, 2), numbers)).containsExactly(0, 8, 10, 18, 20);
        for (int first = 0; first < numbers.length; first++) {
            int[] rest = Arrays.copyOfRange(numbers, first, numbers.length);
            assertThat(ofFile(every(2, 2), rest))
                    .isEqualTo(Arrays.stream(rest)
                            .filter(number -> number % 2 == 0)
                            .boxed()
                            .toArray(Integer[]::new));
        }
    }

    @Test
    void whatIsDeliveredAgainIsLookedAtAgain() {
        assertThat(looked(every(1, 1), 0, 1, 2, 1, 2, 2, 3)).containsExactly(0, 1, 2, 1, 2, 2, 3);
        assertThat(looked(every(3, 3), 0, 1, 2, 3, 4, 3, 4, 5, 6)).containsExactly(0, 3, 3, 6);
        DetectEvery ahead = every(1, 5);
        ahead.heartbeat(reference(7));
        assertThat(looked(ahead, 6, 7, 8)).containsExactly(6, 7, 8);
    }

    @Test
    void whileNothingMovesFewerAreLookedAt() {
        DetectEvery every = every(1, 5);
        assertThat(looked(every, 0, 1, 2)).containsExactly(0, 1, 2);
        assertThat(still(every, 3, 4, 5, 6, 7, 8, 9, 10, 11)).containsExactly(5, 10);
        assertThat(looked(every, 12, 13)).containsExactly(12, 13);
        assertThat(still(every, 14, 15)).containsExactly(15);
        assertThat(still(every(2, 6), 0, 1, 2, 3, 4, 5, 6)).containsExactly(0, 6);
        assertThat(looked(every(2, 6), 0, 1, 2, 3, 4, 5, 6)).containsExactly(0, 2, 4, 6);
    }

    /** Whoever moved into the picture that was too late stands still in the next one. */
    @Test
    void whatNobodySawIsLookedAtThoughItStandsStillNow() {
        DetectEvery every = every(1, 10);
        assertThat(looked(every, 1, 2)).containsExactly(1, 2);
        every.missed(reference(2));
        assertThat(still(every, 3, 4, 5)).containsExactly(3);
        every.missed(new FrameReference("yard", 7, 5, 0, 0));
        assertThat(still(every, 6)).isEmpty();
    }

    private static DetectEvery every(int moving, int still) {
        return new DetectEvery(new DetectionInterval(moving, still));
    }

    private static Integer[] still(DetectEvery every, int... numbers) {
        return Arrays.stream(numbers)
                .filter(number -> every.looks(reference(number), true, true))
                .boxed()
                .toArray(Integer[]::new);
    }

    private static Integer[] looked(DetectEvery every, int... numbers) {
        return Arrays.stream(numbers)
                .filter(number -> every.looks(reference(number), true, false))
                .boxed()
                .toArray(Integer[]::new);
    }

    private static Integer[] ofFile(DetectEvery every, int... numbers) {
        return Arrays.stream(numbers)
                .filter(number -> every.looks(reference(number), false, false))
                .boxed()
                .toArray(Integer[]::new);
    }

    private static FrameReference reference(long number) {
        return new FrameReference("door", 7, number, number * 40_000, 0);
    }
}
