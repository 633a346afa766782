package paseo.evaluation.scoring;

import java.util.Arrays;

/**
 * The one-to-one pairing with the largest sum: shortest augmenting paths over reduced costs (Kuhn's Hungarian method in
 * the form of Crouse, On implementing 2D rectangular assignment algorithms, IEEE TAES 2016), O(rows² · columns).
 *
 * <p>Apart from the tracker's, so that what is measured and what measures share no code.
 */
public final class Assignment {
    private static final int NONE = -1;

    private final double[][] benefit;
    private final int columns;
    private final double[] rowPrice;
    private final double[] columnPrice;
    private final int[] columnOf;
    private final int[] rowOf;

    private Assignment(double[][] benefit, int columns) {
        this.benefit = benefit;
        this.columns = columns;
        this.rowPrice = new double[benefit.length];
        this.columnPrice = new double[columns];
        this.columnOf = filled(benefit.length);
        this.rowOf = filled(columns);
    }

    /**
     * Pairs rows with columns.
     *
     * @param benefit of each pair, finite; a pair with 0 or less stays apart
     * @return for each row its column, or -1
     */
    public static int[] largest(double[][] benefit) {
        int rows = benefit.length;
        int columns = rows == 0 ? 0 : benefit[0].length;
        if (rows > columns) {
            int[] rowOf = largest(transposed(benefit, columns));
            int[] columnOf = filled(rows);
            for (int column = 0; column < columns; column++) {
                if (rowOf[column] != NONE) {
                    columnOf[rowOf[column]] = column;
                }
            }
            return columnOf;
        }
        Assignment assignment = new Assignment(benefit, columns);
        for (int row = 0; row < rows; row++) {
            assignment.add(row);
        }
        int[] columnOf = assignment.columnOf;
        for (int row = 0; row < rows; row++) {
            if (benefit[row][columnOf[row]] <= 0) {
                columnOf[row] = NONE;
            }
        }
        return columnOf;
    }

    /** What a pair costs; pairs without benefit all cost the same, so that they never drive out one with benefit. */
    private double cost(int row, int column) {
        return -Math.max(0, benefit[row][column]);
    }

    /** Pairs one more row, moving others along the cheapest path to a free column. */
    private void add(int start) {
        double[] shortest = new double[columns];
        Arrays.fill(shortest, Double.POSITIVE_INFINITY);
        int[] before = filled(columns);
        boolean[] settled = new boolean[columns];
        double length = 0;
        int row = start;
        int end = NONE;
        while (end == NONE) {
            int nearest = NONE;
            for (int column = 0; column < columns; column++) {
                if (settled[column]) {
                    continue;
                }
                double through = length + cost(row, column) - rowPrice[row] - columnPrice[column];
                if (through < shortest[column]) {
                    shortest[column] = through;
                    before[column] = row;
                }
                if (nearest == NONE || shortest[column] < shortest[nearest]) {
                    nearest = column;
                }
            }
            settled[nearest] = true;
            length = shortest[nearest];
            if (rowOf[nearest] == NONE) {
                end = nearest;
            } else {
                row = rowOf[nearest];
            }
        }
        reprice(start, length, shortest, settled);
        augment(start, end, before);
    }

    private void reprice(int start, double length, double[] shortest, boolean[] settled) {
        rowPrice[start] += length;
        for (int column = 0; column < columns; column++) {
            if (settled[column] && rowOf[column] != NONE) {
                rowPrice[rowOf[column]] += length - shortest[column];
            }
            if (settled[column]) {
                columnPrice[column] -= length - shortest[column];
            }
        }
    }

    private void augment(int start, int end, int[] before) {
        int column = end;
        while (true) {
            int row = before[column];
            rowOf[column] = row;
            int next = columnOf[row];
            columnOf[row] = column;
            if (row == start) {
                return;
            }
            column = next;
        }
    }

    private static double[][] transposed(double[][] matrix, int columns) {
        double[][] transposed = new double[columns][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column][row] = matrix[row][column];
            }
        }
        return transposed;
    }

    private static int[] filled(int length) {
        int[] array = new int[length];
        Arrays.fill(array, NONE);
        return array;
    }
}
