package paseo.evaluation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import paseo.events.Embedding;

/**
 * A hierarchical navigable small world graph in memory, to be measured against: the algorithm and the settings of
 * hnswlib (Malkov and Yashunin, arXiv 1603.09320; M = 16, ef of construction 64) over unit vectors by inner product, in
 * plain Java on one thread. It is not hnswlib itself, whose C++ compares vectors several times faster.
 */
public final class HnswReference {
    private static final int LINKS = 16;
    private static final int CONSTRUCTION = 64;
    private static final double LEVEL = 1 / Math.log(LINKS);

    private final Random random = new Random(100);
    private final float[][] vectors;
    /** By vector, by level: the neighbours, and -1 where there are fewer than fit. */
    private final int[][][] links;

    private final int[] visited;
    private int visit;
    private int size;
    private int entry = -1;

    /** @param most vectors that it can hold */
    public HnswReference(int most) {
        this.vectors = new float[most][];
        this.links = new int[most][][];
        this.visited = new int[most];
    }

    /**
     * A graph of the same vectors and links that can go on growing while this one stays as it is.
     *
     * @param most vectors that it can hold, at least as many as this one has
     */
    public HnswReference copy(int most) {
        HnswReference copy = new HnswReference(most);
        System.arraycopy(vectors, 0, copy.vectors, 0, size);
        for (int id = 0; id < size; id++) {
            copy.links[id] = Arrays.stream(links[id]).map(int[]::clone).toArray(int[][]::new);
        }
        copy.size = size;
        copy.entry = entry;
        return copy;
    }

    /** Adds a vector; the first one is number 0. */
    public void add(Embedding embedding) {
        int id = size++;
        float[] vector = embedding.toArray();
        vectors[id] = vector;
        int level = (int) (-Math.log(1 - random.nextDouble()) * LEVEL);
        links[id] = new int[level + 1][];
        for (int i = 0; i <= level; i++) {
            links[id][i] = none(i);
        }
        if (entry < 0) {
            entry = id;
            return;
        }
        int top = links[entry].length - 1;
        int nearest = descend(vector, top, level);
        for (int i = Math.min(level, top); i >= 0; i--) {
            long[] found = search(vector, nearest, i, CONSTRUCTION);
            nearest = (int) found[0];
            int[] chosen = diverse(found, LINKS);
            System.arraycopy(chosen, 0, links[id][i], 0, chosen.length);
            for (int other : chosen) {
                connect(other, id, i);
            }
        }
        if (level > top) {
            entry = id;
        }
    }

    /**
     * The nearest to a vector, the nearest first.
     *
     * @param ef how many are kept in hand on the way, at least {@code most}
     */
    public List<Long> nearest(Embedding probe, int most, int ef) {
        float[] vector = probe.toArray();
        int start = descend(vector, links[entry].length - 1, 0);
        long[] found = search(vector, start, 0, Math.max(most, ef));
        List<Long> nearest = new ArrayList<>();
        for (int i = 0; i < Math.min(most, found.length); i++) {
            nearest.add(found[i] & 0xFFFFFFFFL);
        }
        return nearest;
    }

    private static int[] none(int level) {
        int[] none = new int[level == 0 ? 2 * LINKS : LINKS];
        Arrays.fill(none, -1);
        return none;
    }

    /** Follows the upper levels down to one above the given. */
    private int descend(float[] vector, int top, int level) {
        int at = entry;
        for (int i = top; i > level; i--) {
            at = (int) search(vector, at, i, 1)[0];
        }
        return at;
    }

    /** Distance and number in one, ordered by distance. */
    private long measured(float[] vector, int id) {
        float[] other = vectors[id];
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i + 3 < vector.length; i += 4) {
            a += vector[i] * other[i];
            b += vector[i + 1] * other[i + 1];
            c += vector[i + 2] * other[i + 2];
            d += vector[i + 3] * other[i + 3];
        }
        float distance = Math.max(0, 1 - (a + b + c + d));
        return ((long) Float.floatToIntBits(distance) << 32) | id;
    }

    private long[] search(float[] vector, int start, int level, int ef) {
        visit++;
        LongHeap open = new LongHeap();
        // The worst on top: smallest of the negated.
        LongHeap kept = new LongHeap();
        long first = measured(vector, start);
        visited[start] = visit;
        open.add(first);
        kept.add(-first);
        while (open.size() > 0) {
            long next = open.remove();
            if (kept.size() >= ef && next > -kept.top()) {
                break;
            }
            for (int neighbour : links[(int) next][level]) {
                if (neighbour < 0) {
                    break;
                }
                if (visited[neighbour] == visit) {
                    continue;
                }
                visited[neighbour] = visit;
                long measured = measured(vector, neighbour);
                if (kept.size() < ef || measured < -kept.top()) {
                    open.add(measured);
                    kept.add(-measured);
                    if (kept.size() > ef) {
                        kept.remove();
                    }
                }
            }
        }
        long[] found = new long[kept.size()];
        for (int i = found.length - 1; i >= 0; i--) {
            found[i] = -kept.remove();
        }
        return found;
    }

    /** Those that are nearer to the vector than to one chosen before: links that lead in different directions. */
    private int[] diverse(long[] sorted, int most) {
        int[] chosen = new int[most];
        int count = 0;
        for (long candidate : sorted) {
            boolean near = true;
            for (int i = 0; i < count && near; i++) {
                near = measured(vectors[(int) candidate], chosen[i]) >>> 32 > candidate >>> 32;
            }
            if (near) {
                chosen[count++] = (int) candidate;
                if (count == most) {
                    break;
                }
            }
        }
        return Arrays.copyOf(chosen, count);
    }

    private void connect(int from, int to, int level) {
        int[] neighbours = links[from][level];
        for (int i = 0; i < neighbours.length; i++) {
            if (neighbours[i] < 0) {
                neighbours[i] = to;
                return;
            }
        }
        long[] all = new long[neighbours.length + 1];
        for (int i = 0; i < neighbours.length; i++) {
            all[i] = measured(vectors[from], neighbours[i]);
        }
        all[neighbours.length] = measured(vectors[from], to);
        Arrays.sort(all);
        int[] chosen = diverse(all, neighbours.length);
        Arrays.fill(neighbours, -1);
        System.arraycopy(chosen, 0, neighbours, 0, chosen.length);
    }
}
