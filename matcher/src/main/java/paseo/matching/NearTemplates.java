package paseo.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Which of many unit vectors are probably near to a probe: inverted lists of 1-bit codes, in memory. Vectors lie in
 * cells of at most {@value #CELL} around a centre. A search goes to the cells whose centres are nearest, compares all
 * vectors there by their signs, one bit a dimension, and the best of them by a byte a dimension. A full cell is split
 * in two, so cells stay small however many vectors there are, and adding costs what finding the nearest centre costs.
 *
 * <p>Vectors are named by a number of the caller's, a group by {@value #GROUP} successive ones. A group that is added
 * vector by vector stays together, where its first one belongs: the prototypes of a template lie where its centre does,
 * so a probe near the centre finds them all. One thread at a time.
 */
final class NearTemplates {
    /** Names of a group. */
    static final int GROUP = 16;
    /** Vectors in a cell before it is split. */
    private static final int CELL = 256;
    /**
     * Cells that a search looks into at least, and one in so many if that is more: see evaluation/RATIONALE.md for what
     * that finds.
     */
    private static final int LEAST_CELLS = 24;

    private static final int CELLS_PER_LOOK = 20;
    /** Cells whose centres are compared in full, chosen by their signs, for each that is looked into. */
    private static final int CENTRES_PER_CELL = 4;
    /** Vectors compared by bytes, for each that is wanted, and at least. */
    private static final int COMPARED_PER_WANTED = 2;

    private static final int LEAST_COMPARED = 128;

    private static final int HALVING_ROUNDS = 4;
    /** Components of unit vectors of a hundred dimensions or more are small: three times that does not fit a byte. */
    private static final float STEPS = 127;

    private final int dimension;
    private final int words;
    private final float steps;
    private final List<Cell> cells = new ArrayList<>();
    private long[] centreCodes = new long[0];
    private long size;
    private long latestGroup = -1;
    private int latestCell;

    NearTemplates(int dimension) {
        this.dimension = dimension;
        this.words = (dimension + Long.SIZE - 1) / Long.SIZE;
        // The largest component is taken to be six times the usual one; beyond, it is cut off.
        this.steps = (float) (STEPS * Math.sqrt(dimension) / Math.max(1, Math.min(6, Math.sqrt(dimension))));
    }

    /** Bytes that a vector takes, all told. */
    static long bytes(int dimension) {
        return dimension + dimension / Byte.SIZE + 2L * Long.BYTES + (dimension * (long) Float.BYTES) / (CELL / 2);
    }

    /** Vectors added. */
    long size() {
        return size;
    }

    /** Adds a vector. */
    void add(long name, float[] vector) {
        byte[] bytes = bytes(vector);
        long[] code = code(vector);
        if (cells.isEmpty()) {
            append(new Cell(vector.clone()));
        }
        if (name / GROUP != latestGroup) {
            latestCell = nearestCells(code, vector, 1, LEAST_CELLS * CENTRES_PER_CELL)[0];
            latestGroup = name / GROUP;
        }
        Cell cell = cells.get(latestCell);
        cell.add(name, code, bytes);
        size++;
        if (cell.size == CELL) {
            split(latestCell);
            latestGroup = -1;
        }
    }

    /** Takes out every vector whose name is one of those that are gone. */
    void remove(LongPredicate gone) {
        for (Cell cell : cells) {
            size -= cell.remove(gone);
        }
    }

    /** The names of all vectors, in no order; a name that was added twice is there twice. */
    long[] names() {
        return cells.stream()
                .flatMapToLong(cell -> Arrays.stream(cell.names, 0, cell.size))
                .toArray();
    }

    /** Names of the vectors that are probably nearest, at most so many, the nearest first. */
    long[] nearest(float[] probe, int most) {
        if (cells.isEmpty()) {
            return new long[0];
        }
        long[] code = code(probe);
        int looked = Math.max(LEAST_CELLS, cells.size() / CELLS_PER_LOOK);
        int[] chosen = nearestCells(code, probe, looked, looked * CENTRES_PER_CELL);
        int compared = Math.max(LEAST_COMPARED, COMPARED_PER_WANTED * most);
        int limit = signsLimit(code, chosen, compared);
        byte[] bytes = bytes(probe);
        long[] found = new long[compared + CELL];
        long[] names = new long[found.length];
        int count = 0;
        for (int place : chosen) {
            Cell cell = cells.get(place);
            for (int i = 0; i < cell.size && count < found.length; i++) {
                if (cell.distances[i] <= limit) {
                    names[count] = cell.names[i];
                    found[count] = ((long) -dot(bytes, cell.vectors, i * dimension) << 32) | count;
                    count++;
                }
            }
        }
        Arrays.sort(found, 0, count);
        long[] nearest = new long[Math.min(most, count)];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = names[(int) found[i]];
        }
        return nearest;
    }

    /** Counts differing signs of all vectors in some cells; up to how many the best have. */
    private int signsLimit(long[] code, int[] chosen, int wanted) {
        int[] counts = new int[words * Long.SIZE + 1];
        for (int place : chosen) {
            Cell cell = cells.get(place);
            for (int i = 0; i < cell.size; i++) {
                int distance = 0;
                for (int w = 0; w < words; w++) {
                    distance += Long.bitCount(code[w] ^ cell.codes[i * words + w]);
                }
                cell.distances[i] = (short) distance;
                counts[distance]++;
            }
        }
        int limit = 0;
        for (int sum = counts[0]; limit < counts.length - 1 && sum + counts[limit + 1] <= wanted; ) {
            sum += counts[++limit];
        }
        return limit;
    }

    /** Places of the cells with the nearest centres, of those whose signs differ least. */
    private int[] nearestCells(long[] code, float[] vector, int most, int compared) {
        int all = cells.size();
        long[] order = new long[all];
        for (int c = 0; c < all; c++) {
            int distance = 0;
            for (int w = 0; w < words; w++) {
                distance += Long.bitCount(code[w] ^ centreCodes[c * words + w]);
            }
            order[c] = ((long) distance << 32) | c;
        }
        int kept = Math.min(all, compared);
        if (all > kept) {
            select(order, kept);
        }
        for (int i = 0; i < kept; i++) {
            int c = (int) order[i];
            float similarity = dot(vector, cells.get(c).centre);
            order[i] = ((long) Math.round(-similarity * (1 << 29)) << 32) | c;
        }
        Arrays.sort(order, 0, kept);
        int[] nearest = new int[Math.min(most, kept)];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = (int) order[i];
        }
        return nearest;
    }

    /** Brings the smallest to the front, by counting: the upper halves are numbers of differing signs. */
    private void select(long[] order, int kept) {
        int[] counts = new int[words * Long.SIZE + 2];
        for (long one : order) {
            counts[(int) (one >>> 32) + 1]++;
        }
        int limit = 0;
        for (int sum = 0; limit < counts.length - 1 && sum + counts[limit + 1] <= kept; limit++) {
            sum += counts[limit + 1];
        }
        int front = 0;
        int[] edge = new int[order.length];
        int edges = 0;
        for (int i = 0; i < order.length; i++) {
            int distance = (int) (order[i] >>> 32);
            if (distance < limit) {
                order[front++] = order[i];
            } else if (distance == limit) {
                edge[edges++] = (int) order[i];
            }
        }
        for (int i = 0; front < kept; i++) {
            order[front++] = ((long) limit << 32) | edge[i];
        }
    }

    private void append(Cell cell) {
        cells.add(cell);
        centreCodes = Arrays.copyOf(centreCodes, Math.max(centreCodes.length, 2 * cells.size() * words));
        setCode(cells.size() - 1);
    }

    private void setCode(int place) {
        System.arraycopy(code(cells.get(place).centre), 0, centreCodes, place * words, words);
    }

    /** Two cells for one: its vectors around two centres that begin where two of them are far apart. */
    private void split(int place) {
        Cell full = cells.get(place);
        float[] one = full.vector(0);
        float[] other = full.vector(full.farthest(one));
        one = full.vector(full.farthest(other));
        boolean[] toOther = new boolean[full.size];
        for (int round = 0; round < HALVING_ROUNDS; round++) {
            float[] sumOne = new float[dimension];
            float[] sumOther = new float[dimension];
            for (int i = 0; i < full.size; i++) {
                float[] vector = full.vector(i);
                boolean follows = i > 0 && full.names[i] / GROUP == full.names[i - 1] / GROUP;
                toOther[i] = follows ? toOther[i - 1] : dot(vector, other) > dot(vector, one);
                addTo(toOther[i] ? sumOther : sumOne, vector);
            }
            one = unit(sumOne, one);
            other = unit(sumOther, other);
        }
        Cell first = new Cell(one);
        Cell second = new Cell(other);
        for (int i = 0; i < full.size; i++) {
            // Vectors that are all alike are halved by their order.
            boolean moves = toOther[i];
            Cell to = moves ? second : first;
            if (to.size == CELL - 1) {
                to = moves ? first : second;
            }
            full.moveTo(to, i);
        }
        cells.set(place, first);
        setCode(place);
        append(second);
    }

    private static void addTo(float[] sum, float[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }

    private static float[] unit(float[] sum, float[] otherwise) {
        float norm = (float) Math.sqrt(dot(sum, sum));
        if (norm == 0) {
            return otherwise;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= norm;
        }
        return sum;
    }

    private static float dot(float[] one, float[] other) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < one.length; i += 4) {
            a += one[i] * other[i];
            b += one[i + 1] * other[i + 1];
            c += one[i + 2] * other[i + 2];
            d += one[i + 3] * other[i + 3];
        }
        for (; i < one.length; i++) {
            a += one[i] * other[i];
        }
        return a + b + c + d;
    }

    private static int dot(byte[] one, byte[] others, int from) {
        int a = 0;
        int b = 0;
        int i = 0;
        for (; i + 1 < one.length; i += 2) {
            a += one[i] * others[from + i];
            b += one[i + 1] * others[from + i + 1];
        }
        if (i < one.length) {
            a += one[i] * others[from + i];
        }
        return a + b;
    }

    private byte[] bytes(float[] vector) {
        byte[] bytes = new byte[dimension];
        for (int i = 0; i < dimension; i++) {
            bytes[i] = (byte) Math.round(Math.max(-STEPS, Math.min(STEPS, vector[i] * steps)));
        }
        return bytes;
    }

    private long[] code(float[] vector) {
        long[] code = new long[words];
        for (int i = 0; i < dimension; i++) {
            if (vector[i] > 0) {
                code[i / Long.SIZE] |= 1L << i;
            }
        }
        return code;
    }

    /** Vectors around a centre. */
    private final class Cell {
        private final float[] centre;
        private long[] names = new long[CELL / 8];
        private long[] codes = new long[CELL / 8 * words];
        private byte[] vectors = new byte[CELL / 8 * dimension];
        private short[] distances = new short[CELL / 8];
        private int size;

        Cell(float[] centre) {
            this.centre = centre;
        }

        void add(long name, long[] code, byte[] bytes) {
            room();
            names[size] = name;
            System.arraycopy(code, 0, codes, size * words, words);
            System.arraycopy(bytes, 0, vectors, size * dimension, dimension);
            size++;
        }

        void moveTo(Cell to, int i) {
            to.room();
            to.names[to.size] = names[i];
            System.arraycopy(codes, i * words, to.codes, to.size * words, words);
            System.arraycopy(vectors, i * dimension, to.vectors, to.size * dimension, dimension);
            to.size++;
        }

        /** What remains keeps its order; of what is removed nothing is left behind. */
        int remove(LongPredicate gone) {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (!gone.test(names[i])) {
                    names[kept] = names[i];
                    System.arraycopy(codes, i * words, codes, kept * words, words);
                    System.arraycopy(vectors, i * dimension, vectors, kept * dimension, dimension);
                    kept++;
                }
            }
            int removed = size - kept;
            Arrays.fill(codes, kept * words, size * words, 0);
            Arrays.fill(vectors, kept * dimension, size * dimension, (byte) 0);
            size = kept;
            return removed;
        }

        private void room() {
            if (size == names.length) {
                int more = Math.min(CELL, size + CELL / 8);
                names = Arrays.copyOf(names, more);
                codes = Arrays.copyOf(codes, more * words);
                vectors = Arrays.copyOf(vectors, more * dimension);
                distances = new short[more];
            }
        }

        float[] vector(int i) {
            float[] vector = new float[dimension];
            for (int d = 0; d < dimension; d++) {
                vector[d] = vectors[i * dimension + d] / steps;
            }
            return vector;
        }

        int farthest(float[] from) {
            int farthest = 0;
            float least = Float.POSITIVE_INFINITY;
            for (int i = 0; i < size; i++) {
                float similarity = dot(vector(i), from);
                if (similarity < least) {
                    least = similarity;
                    farthest = i;
                }
            }
            return farthest;
        }
    }
}
