package paseo.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Vectors as {@link VectorCodes} has them, each in a slot of its own that it keeps. Slots are given in order, so that
 * what is added one after the other lies together; a slot that was freed is given again, the latest first.
 */
final class CodedVectors {
    /** Slots in a chunk. */
    private static final int CHUNK = 1_024;
    /** Name of what is free; names are not negative. */
    private static final long NOBODY = -1;

    private final VectorCodes codes;
    private final List<Chunk> chunks = new ArrayList<>();
    private final Slots free = new Slots();
    private int given;

    CodedVectors(VectorCodes codes) {
        this.codes = codes;
    }

    int size() {
        return given - free.size();
    }

    /** Keeps a vector; gives its slot. */
    int add(long name, float[] vector, long[] signs) {
        int slot = free.size() > 0 ? free.pop() : given++;
        if (slot / CHUNK == chunks.size()) {
            chunks.add(new Chunk());
        }
        Chunk chunk = chunks.get(slot / CHUNK);
        int i = slot % CHUNK;
        chunk.names[i] = name;
        chunk.least = Math.min(chunk.least, name);
        chunk.most = Math.max(chunk.most, name);
        System.arraycopy(signs, 0, chunk.signs, i * codes.words(), codes.words());
        codes.bytes(vector, chunk.bytes, i * codes.dimension());
        return slot;
    }

    /** Frees the slots of those that are gone, of which nothing is left behind; gives them. */
    BitSet remove(LongPredicate gone) {
        BitSet freed = new BitSet(given);
        for (int slot = 0; slot < given; slot++) {
            long name = name(slot);
            if (name != NOBODY && gone.test(name)) {
                freed.set(slot);
                free.add(slot);
                Chunk chunk = chunks.get(slot / CHUNK);
                int i = slot % CHUNK;
                chunk.names[i] = NOBODY;
                Arrays.fill(chunk.signs, i * codes.words(), (i + 1) * codes.words(), 0);
                Arrays.fill(chunk.bytes, i * codes.dimension(), (i + 1) * codes.dimension(), (byte) 0);
            }
        }
        return freed;
    }

    /** All names, in no order. */
    long[] names() {
        return chunks.stream()
                .flatMapToLong(chunk -> Arrays.stream(chunk.names))
                .filter(name -> name != NOBODY)
                .toArray();
    }

    long name(int slot) {
        return chunks.get(slot / CHUNK).names[slot % CHUNK];
    }

    /** The vector as it is kept. */
    float[] vector(int slot) {
        return codes.vector(chunks.get(slot / CHUNK).bytes, slot % CHUNK * codes.dimension());
    }

    /** How alike a vector and a probe are, in the probe's own unit. */
    int likeness(int[] probe, int slot) {
        return VectorCodes.dot(probe, chunks.get(slot / CHUNK).bytes, slot % CHUNK * codes.dimension());
    }

    /** Compares the signs of some. */
    void compare(long[] signs, Slots some, long from, long to, Compared found) {
        for (int k = 0; k < some.size(); k++) {
            int slot = some.at(k);
            chunks.get(slot / CHUNK).compare(signs, slot, slot % CHUNK, from, to, found);
        }
    }

    /** Compares the signs of all that are named from one number to before another. */
    void compare(long[] signs, long from, long to, Compared found) {
        for (int c = 0; c < chunks.size(); c++) {
            Chunk chunk = chunks.get(c);
            if (chunk.least < to && from <= chunk.most) {
                for (int i = 0; i < CHUNK; i++) {
                    chunk.compare(signs, c * CHUNK + i, i, from, to, found);
                }
            }
        }
    }

    private final class Chunk {
        private final long[] names = new long[CHUNK];
        private final long[] signs = new long[CHUNK * codes.words()];
        private final byte[] bytes = new byte[CHUNK * codes.dimension()];
        /** Names that are or were here lie between the two. */
        private long least = Long.MAX_VALUE;

        private long most = Long.MIN_VALUE;

        Chunk() {
            Arrays.fill(names, NOBODY);
        }

        void compare(long[] probe, int slot, int i, long from, long to, Compared found) {
            if (names[i] >= from && names[i] < to) {
                found.add(slot, codes.differing(probe, signs, i * codes.words()));
            }
        }
    }
}
