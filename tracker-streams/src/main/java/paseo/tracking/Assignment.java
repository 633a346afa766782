package paseo.tracking;

import java.util.Arrays;

/**
 * The best one-to-one pairing of rows and columns: the Hungarian method with potentials (Kuhn 1955, Munkres 1957), each
 * row added along a shortest augmenting path, O(rows² × columns).
 */
final class Assignment {
    private Assignment() {}

    /**
     * Pairs rows with columns so that the sum of the benefits is largest. A pair without benefit (0 or less) is left
     * apart.
     *
     * @param benefit by row and column; rows of equal length
     * @return for each row its column, or -1
     */
    static int[] best(double[][] benefit) {
        int rows = benefit.length;
        int columns = rows == 0 ? 0 : benefit[0].length;
        if (rows <= columns) {
            return solve(benefit, rows, columns);
        }
        double[][] turned = new double[columns][rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column][row] = benefit[row][column];
            }
        }
        int[] rowOf = solve(turned, columns, rows);
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, -1);
        for (int column = 0; column < columns; column++) {
            if (rowOf[column] >= 0) {
                columnOf[rowOf[column]] = column;
            }
        }
        return columnOf;
    }

    private static int[] solve(double[][] benefit, int rows, int columns) {
        // Index 0 of columns and potentials is the free end where a path starts.
        double[] rowPotential = new double[rows + 1];
        double[] columnPotential = new double[columns + 1];
        int[] rowAt = new int[columns + 1];
        for (int row = 1; row <= rows; row++) {
            augment(benefit, row, rowAt, rowPotential, columnPotential);
        }
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, -1);
        for (int column = 1; column <= columns; column++) {
            int row = rowAt[column];
            if (row > 0 && benefit[row - 1][column - 1] > 0) {
                columnOf[row - 1] = column - 1;
            }
        }
        return columnOf;
    }

    private static void augment(
            double[][] benefit, int start, int[] rowAt, double[] rowPotential, double[] columnPotential) {
        int columns = rowAt.length - 1;
        double[] slack = new double[columns + 1];
        int[] cameFrom = new int[columns + 1];
        boolean[] done = new boolean[columns + 1];
        Arrays.fill(slack, Double.POSITIVE_INFINITY);
        rowAt[0] = start;
        int column = 0;
        do {
            done[column] = true;
            int row = rowAt[column];
            double step = Double.POSITIVE_INFINITY;
            int next = 0;
            for (int j = 1; j <= columns; j++) {
                if (done[j]) {
                    continue;
                }
                double reduced = -Math.max(0, benefit[row - 1][j - 1]) - rowPotential[row] - columnPotential[j];
                if (reduced < slack[j]) {
                    slack[j] = reduced;
                    cameFrom[j] = column;
                }
                if (slack[j] < step) {
                    step = slack[j];
                    next = j;
                }
            }
            for (int j = 0; j <= columns; j++) {
                if (done[j]) {
                    rowPotential[rowAt[j]] += step;
                    columnPotential[j] -= step;
                } else {
                    slack[j] -= step;
                }
            }
            column = next;
        } while (rowAt[column] != 0);
        while (column != 0) {
            int before = cameFrom[column];
            rowAt[column] = rowAt[before];
            column = before;
        }
    }
}
