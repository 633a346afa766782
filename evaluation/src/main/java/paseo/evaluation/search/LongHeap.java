package paseo.evaluation.search;

import java.util.Arrays;

/** A binary heap of longs with the smallest on top. */
final class LongHeap {
    private long[] values = new long[64];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    long top() {
        return values[0];
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        int place = size++;
        while (place > 0 && values[(place - 1) / 2] > value) {
            values[place] = values[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        values[place] = value;
    }

    long remove() {
        long top = values[0];
        long last = values[--size];
        int place = 0;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && values[child + 1] < values[child]) {
                child++;
            }
            if (values[child] >= last) {
                break;
            }
            values[place] = values[child];
            place = child;
        }
        values[place] = last;
        return top;
    }
}
