package paseo.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Inverted lists: vectors lie in cells of at most {@value #CELL} around a centre, and a search goes to the cells whose
 * centres are nearest. A full cell is split in two, so cells stay small however many vectors there are, and adding
 * costs what finding the nearest centre costs.
 */
final class NearCells {
    /** Vectors in a cell before it is split. */
    static final int CELL = 256;
    /**
     * Cells that a search looks into at least; two thirds of the square root of their number if that is more. See
     * evaluation/RATIONALE.md for what that finds.
     */
    private static final int LEAST_LOOKED = 24;

    private static final double LOOKED = 2.0 / 3;
    /** Cells whose centres are compared in full, chosen by their signs, for each that is looked into. */
    private static final int CENTRES_PER_CELL = 2;

    private static final int HALVING_ROUNDS = 4;

    private final VectorCodes codes;
    private final CodedVectors vectors;
    private final List<Cell> cells = new ArrayList<>();
    private long[] centreSigns = new long[0];
    private final Compared centres;

    NearCells(VectorCodes codes, CodedVectors vectors) {
        this.codes = codes;
        this.vectors = vectors;
        this.centres = new Compared(codes.dimension());
    }

    /** The place of the cell that a vector belongs to; it has room. */
    int nearest(float[] vector, long[] signs) {
        if (cells.isEmpty()) {
            append(new Cell(vector.clone()));
        }
        return nearest(vector, signs, 1, 2 * LEAST_LOOKED)[0];
    }

    /** Adds to a cell; gives whether that was split, so that places are no longer what they were. */
    boolean add(int place, int slot, long[] signs) {
        Cell cell = cells.get(place);
        cell.add(slot, signs, 0);
        boolean full = cell.size == CELL;
        if (full) {
            split(place);
        }
        return full;
    }

    void remove(BitSet gone) {
        cells.forEach(cell -> cell.remove(gone));
    }

    /** Compares the signs of what lies in the cells whose centres are nearest. */
    void compare(float[] probe, long[] signs, Compared found) {
        int looked = Math.max(LEAST_LOOKED, (int) (LOOKED * Math.sqrt(cells.size())));
        for (int place : nearest(probe, signs, looked, looked)) {
            cells.get(place).compare(signs, found);
        }
    }

    /** Places of the cells with the nearest centres, of those whose signs differ least. */
    private int[] nearest(float[] vector, long[] signs, int most, int looked) {
        centres.clear();
        for (int c = 0; c < cells.size(); c++) {
            centres.add(c, codes.differing(signs, centreSigns, c * codes.words()));
        }
        int[] compared = centres.best(looked * CENTRES_PER_CELL);
        long[] order = new long[compared.length];
        for (int i = 0; i < compared.length; i++) {
            float similarity = VectorCodes.dot(vector, cells.get(compared[i]).centre);
            order[i] = ((long) Math.round(-similarity * (1 << 29)) << 32) | compared[i];
        }
        Arrays.sort(order);
        return Arrays.stream(order).limit(most).mapToInt(one -> (int) one).toArray();
    }

    private void append(Cell cell) {
        cells.add(cell);
        centreSigns = Arrays.copyOf(centreSigns, Math.max(centreSigns.length, 2 * cells.size() * codes.words()));
        setSigns(cells.size() - 1);
    }

    private void setSigns(int place) {
        long[] signs = codes.signs(cells.get(place).centre);
        System.arraycopy(signs, 0, centreSigns, place * codes.words(), codes.words());
    }

    /** Two cells for one: its vectors around two centres that begin where two of them are far apart. */
    private void split(int place) {
        Cell full = cells.get(place);
        float[][] all = full.vectors();
        float[] one = all[farthest(all, all[farthest(all, all[0])])];
        float[] other = all[farthest(all, all[0])];
        boolean[] toOther = new boolean[full.size];
        for (int round = 0; round < HALVING_ROUNDS; round++) {
            float[] sumOne = new float[codes.dimension()];
            float[] sumOther = new float[codes.dimension()];
            for (int i = 0; i < full.size; i++) {
                toOther[i] = full.follows(i)
                        ? toOther[i - 1]
                        : VectorCodes.dot(all[i], other) > VectorCodes.dot(all[i], one);
                addTo(toOther[i] ? sumOther : sumOne, all[i]);
            }
            one = unit(sumOne, one);
            other = unit(sumOther, other);
        }
        int moving = 0;
        for (boolean moves : toOther) {
            moving += moves ? 1 : 0;
        }
        // Vectors that are all alike are halved by their order.
        boolean alike = moving == 0 || moving == full.size;
        Cell first = new Cell(one);
        Cell second = new Cell(other);
        for (int i = 0; i < full.size; i++) {
            boolean moves = alike ? i >= full.size / 2 : toOther[i];
            (moves ? second : first).add(full.slots[i], full.signs, i * codes.words());
        }
        cells.set(place, first);
        setSigns(place);
        append(second);
    }

    private static int farthest(float[][] all, float[] from) {
        int farthest = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < all.length; i++) {
            float similarity = VectorCodes.dot(all[i], from);
            if (similarity < least) {
                least = similarity;
                farthest = i;
            }
        }
        return farthest;
    }

    private static void addTo(float[] sum, float[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }

    private static float[] unit(float[] sum, float[] otherwise) {
        float norm = (float) Math.sqrt(VectorCodes.dot(sum, sum));
        if (norm == 0) {
            return otherwise;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= norm;
        }
        return sum;
    }

    /** Vectors around a centre; their signs lie together. */
    private final class Cell {
        private final float[] centre;
        private int[] slots = new int[CELL / 8];
        private long[] signs = new long[CELL / 8 * codes.words()];
        private int size;

        Cell(float[] centre) {
            this.centre = centre;
        }

        void add(int slot, long[] from, int at) {
            if (size == slots.length) {
                int more = Math.min(CELL, size + CELL / 8);
                slots = Arrays.copyOf(slots, more);
                signs = Arrays.copyOf(signs, more * codes.words());
            }
            slots[size] = slot;
            System.arraycopy(from, at, signs, size * codes.words(), codes.words());
            size++;
        }

        /** What remains keeps its order; of what is removed nothing is left behind. */
        void remove(BitSet gone) {
            int words = codes.words();
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (!gone.get(slots[i])) {
                    slots[kept] = slots[i];
                    System.arraycopy(signs, i * words, signs, kept * words, words);
                    kept++;
                }
            }
            Arrays.fill(signs, kept * words, size * words, 0);
            size = kept;
        }

        void compare(long[] probe, Compared found) {
            for (int i = 0; i < size; i++) {
                found.add(slots[i], codes.differing(probe, signs, i * codes.words()));
            }
        }

        float[][] vectors() {
            return Arrays.stream(slots, 0, size).mapToObj(vectors::vector).toArray(float[][]::new);
        }

        /** Whether a vector is of the same group as the one before. */
        boolean follows(int i) {
            return i > 0
                    && vectors.name(slots[i]) / NearTemplates.GROUP == vectors.name(slots[i - 1]) / NearTemplates.GROUP;
        }
    }
}
