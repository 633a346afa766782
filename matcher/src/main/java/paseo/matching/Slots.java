package paseo.matching;

import java.util.Arrays;
import java.util.BitSet;

/** Places of vectors, in the order in which they were added. */
final class Slots {
    private static final int FIRST = 16;

    private int[] slots = new int[FIRST];
    private int size;

    int size() {
        return size;
    }

    int at(int i) {
        return slots[i];
    }

    void add(int slot) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, size + size / 2);
        }
        slots[size++] = slot;
    }

    /** The last one, which is no longer there. */
    int pop() {
        return slots[--size];
    }

    /** What remains keeps its order. */
    void remove(BitSet gone) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!gone.get(slots[i])) {
                slots[kept++] = slots[i];
            }
        }
        size = kept;
    }
}
