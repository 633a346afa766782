package paseo.matching;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Which of many unit vectors are probably near to a probe, in memory. A search without a filter goes to the cells near
 * the probe ({@link NearCells}), one with a filter to all that the filter leaves; it compares all vectors there by
 * their signs, one bit a dimension, and the best of them by a byte a dimension.
 *
 * <p>Vectors are named by a number of the caller's, a group by {@value #GROUP} successive ones. A group that is added
 * vector by vector stays together, where its first one belongs: the prototypes of a template lie where its centre does,
 * so a probe near the centre finds them all. One thread at a time.
 */
final class NearTemplates {
    /** Names of a group. */
    static final int GROUP = 16;
    /** Vectors compared by bytes, for each that is wanted, and at least. */
    private static final int COMPARED_PER_WANTED = 6;

    private static final int LEAST_COMPARED = 128;
    /** The same of what a filter leaves: all, if they are no more; of many more, one in so many. */
    private static final int LEAST_COMPARED_OF_LEFT = 512;

    private static final int LEFT_PER_COMPARED = 32;

    private final VectorCodes codes;
    private final CodedVectors vectors;
    private final NearCells cells;
    private final Map<String, Slots> byCamera = new HashMap<>();
    private final Compared candidates;
    private long latestGroup = -1;
    private int latestCell;

    NearTemplates(int dimension) {
        this.codes = new VectorCodes(dimension);
        this.vectors = new CodedVectors(codes);
        this.cells = new NearCells(codes, vectors);
        this.candidates = new Compared(dimension);
    }

    /** Bytes that a vector takes, all told. */
    static long bytes(int dimension) {
        return dimension
                + 2L * dimension / Byte.SIZE
                + Long.BYTES
                + 2L * Integer.BYTES
                + (dimension * (long) Float.BYTES) / (NearCells.CELL / 2);
    }

    /** Vectors added. */
    long size() {
        return vectors.size();
    }

    /**
     * Adds a vector.
     *
     * @param camera that it is from
     */
    void add(long name, String camera, float[] vector) {
        long[] signs = codes.signs(vector);
        if (name / GROUP != latestGroup) {
            latestCell = cells.nearest(vector, signs);
            latestGroup = name / GROUP;
        }
        int slot = vectors.add(name, vector, signs);
        byCamera.computeIfAbsent(camera, any -> new Slots()).add(slot);
        if (cells.add(latestCell, slot, signs)) {
            latestGroup = -1;
        }
    }

    /** Takes out every vector whose name is one of those that are gone. */
    void remove(LongPredicate gone) {
        BitSet freed = vectors.remove(gone);
        if (!freed.isEmpty()) {
            cells.remove(freed);
            byCamera.values().forEach(slots -> slots.remove(freed));
            byCamera.values().removeIf(slots -> slots.size() == 0);
        }
    }

    /** The names of all vectors, in no order; a name that was added twice is there twice. */
    long[] names() {
        return vectors.names();
    }

    /** Names of the vectors that are probably nearest, at most so many, the nearest first. */
    long[] nearest(float[] probe, int most) {
        candidates.clear();
        cells.compare(probe, codes.signs(probe), candidates);
        return best(probe, most, LEAST_COMPARED);
    }

    /**
     * The same among those that a filter leaves, all of which are compared.
     *
     * @param cameras that they are from; empty for all
     * @param from their least name
     * @param to what all names are less than
     */
    long[] nearest(float[] probe, Set<String> cameras, long from, long to, int most) {
        candidates.clear();
        long[] signs = codes.signs(probe);
        if (cameras.isEmpty()) {
            vectors.compare(signs, from, to, candidates);
        }
        for (String camera : new TreeSet<>(cameras)) {
            Slots slots = byCamera.get(camera);
            if (slots != null) {
                vectors.compare(signs, slots, from, to, candidates);
            }
        }
        return best(probe, most, Math.max(LEAST_COMPARED_OF_LEFT, candidates.size() / LEFT_PER_COMPARED));
    }

    /**
     * The best of those that differ least in their signs.
     *
     * @param least how many these are at least
     */
    private long[] best(float[] probe, int most, int least) {
        int[] compared = candidates.best(Math.max(least, COMPARED_PER_WANTED * most));
        int[] fine = codes.probe(probe);
        long[] order = new long[compared.length];
        for (int i = 0; i < compared.length; i++) {
            order[i] = ((long) -vectors.likeness(fine, compared[i]) << 32) | i;
        }
        Arrays.sort(order);
        return Arrays.stream(order)
                .limit(most)
                .map(one -> vectors.name(compared[(int) one]))
                .toArray();
    }
}
