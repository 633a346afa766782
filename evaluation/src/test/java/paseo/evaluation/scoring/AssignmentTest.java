package paseo.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    @RepeatedTest(300)
    void isTheBestOfAllPairings(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        double[][] benefit = new double[random.nextInt(6)][random.nextInt(6)];
        for (double[] row : benefit) {
            for (int i = 0; i < row.length; i++) {
                // Few different values make ties, negative ones pairs that are worth nothing.
                row[i] = random.nextInt(7) - 2;
            }
        }
        int[] columnOf = Assignment.largest(benefit);
        assertThat(Arrays.stream(columnOf).filter(column -> column >= 0)).doesNotHaveDuplicates();
        double sum = 0;
        for (int row = 0; row < benefit.length; row++) {
            if (columnOf[row] >= 0) {
                assertThat(benefit[row][columnOf[row]]).isPositive();
                sum += benefit[row][columnOf[row]];
            }
        }
        assertThat(sum).isCloseTo(best(benefit, 0, 0), within(1e-9));
    }

    private static double best(double[][] benefit, int row, int taken) {
        if (row == benefit.length) {
            return 0;
        }
        double best = best(benefit, row + 1, taken);
        for (int column = 0; column < benefit[row].length; column++) {
            if ((taken & 1 << column) == 0) {
                best = Math.max(best, benefit[row][column] + best(benefit, row + 1, taken | 1 << column));
            }
        }
        return best;
    }

    @Test
    void nothingToPair() {
        assertThat(Assignment.largest(new double[0][0])).isEmpty();
        assertThat(Assignment.largest(new double[2][0])).containsExactly(-1, -1);
    }

    @Test
    void sixHundredByEightHundredTakesSeconds() {
        Random random = new Random(1);
        double[][] benefit = new double[600][800];
        for (double[] row : benefit) {
            Arrays.setAll(row, i -> random.nextDouble());
        }
        Assertions.assertTimeout(Duration.ofSeconds(30), () -> Assignment.largest(benefit));
    }
}
