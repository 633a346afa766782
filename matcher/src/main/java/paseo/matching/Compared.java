package paseo.matching;

import java.util.Arrays;

/** Slots that were compared by their signs, and in how many of these they differ. */
final class Compared {
    private static final int FIRST = 1 << 14;

    private final int[] counts;
    private int[] slots = new int[FIRST];
    private short[] differing = new short[FIRST];
    private int size;

    /** @param signs of a vector, at most */
    Compared(int signs) {
        this.counts = new int[signs + 1];
    }

    void clear() {
        Arrays.fill(counts, 0);
        size = 0;
    }

    int size() {
        return size;
    }

    void add(int slot, int difference) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, 2 * size);
            differing = Arrays.copyOf(differing, 2 * size);
        }
        slots[size] = slot;
        differing[size] = (short) difference;
        size++;
        counts[difference]++;
    }

    /**
     * The slots that differ least, in the order in which they came.
     *
     * @param most of them; of those that differ as much as the last ones, the first
     */
    int[] best(int most) {
        int limit = 0;
        int below = 0;
        while (limit < counts.length - 1 && below + counts[limit] <= most) {
            below += counts[limit++];
        }
        int[] best = new int[Math.min(most, size)];
        int edge = best.length - below;
        int count = 0;
        for (int i = 0; i < size && count < best.length; i++) {
            if (differing[i] < limit || (differing[i] == limit && edge-- > 0)) {
                best[count++] = slots[i];
            }
        }
        return Arrays.copyOf(best, count);
    }
}
