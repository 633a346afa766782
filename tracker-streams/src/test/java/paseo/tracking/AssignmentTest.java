package paseo.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    @Test
    void prefersTheBestSumToTheBestPair() {
        double[][] benefit = {{10, 9}, {9, 1}};
        assertThat(Assignment.best(benefit)).containsExactly(1, 0);
    }

    @Test
    void leavesApartWhatBringsNothing() {
        double[][] benefit = {{0, 3}, {0, 2}, {0, 0}};
        assertThat(Assignment.best(benefit)).containsExactly(1, -1, -1);
    }

    @Test
    void hasNothingToPair() {
        assertThat(Assignment.best(new double[0][0])).isEmpty();
        assertThat(Assignment.best(new double[2][0])).containsExactly(-1, -1);
    }

    @Test
    void isAsGoodAsTryingEverything() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            double[][] benefit = new double[random.nextInt(6)][];
            int columns = random.nextInt(6);
            for (int row = 0; row < benefit.length; row++) {
                benefit[row] = random.doubles(columns)
                        .map(value -> value < 0.3 ? 0 : value)
                        .toArray();
            }
            double sum = 0;
            boolean[] used = new boolean[columns];
            int[] columnOf = Assignment.best(benefit);
            for (int row = 0; row < benefit.length; row++) {
                if (columnOf[row] >= 0) {
                    assertThat(used[columnOf[row]]).isFalse();
                    used[columnOf[row]] = true;
                    sum += benefit[row][columnOf[row]];
                }
            }
            assertThat(sum).isCloseTo(bestOf(benefit, 0, new boolean[columns]), within(1e-9));
        }
    }

    private static double bestOf(double[][] benefit, int row, boolean[] used) {
        if (row == benefit.length) {
            return 0;
        }
        double best = bestOf(benefit, row + 1, used);
        for (int column = 0; column < used.length; column++) {
            if (!used[column]) {
                used[column] = true;
                best = Math.max(best, benefit[row][column] + bestOf(benefit, row + 1, used));
                used[column] = false;
            }
        }
        return best;
    }
}
