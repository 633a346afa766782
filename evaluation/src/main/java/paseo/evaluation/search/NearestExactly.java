package paseo.evaluation.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import paseo.events.Embedding;

/** The truth: a probe compared with everything, and what another search has found of it. */
public final class NearestExactly {
    private final int most;
    private final float[][] probes;
    private final List<LongHeap> kept = new ArrayList<>();
    private long size;

    /** @param most how many nearest are wanted of each probe */
    public NearestExactly(List<Embedding> probes, int most) {
        this.most = most;
        this.probes = probes.stream().map(Embedding::toArray).toArray(float[][]::new);
        probes.forEach(probe -> kept.add(new LongHeap()));
    }

    /** Takes the next vectors into account, which are numbered on. */
    public void add(List<Embedding> vectors) {
        float[][] others = vectors.stream().map(Embedding::toArray).toArray(float[][]::new);
        IntStream.range(0, probes.length).parallel().forEach(i -> {
            LongHeap heap = kept.get(i);
            for (int j = 0; j < others.length; j++) {
                long measured = ((long) order(dot(probes[i], others[j])) << 32) | (size + j);
                if (heap.size() < most) {
                    heap.add(measured);
                } else if (measured > heap.top()) {
                    heap.remove();
                    heap.add(measured);
                }
            }
        });
        size += others.length;
    }

    /** Integers in the order of similarities. */
    private static int order(float similarity) {
        return Math.round(similarity * (1 << 29));
    }

    private static float dot(float[] one, float[] other) {
        float a = 0;
        float b = 0;
        for (int i = 0; i + 1 < one.length; i += 2) {
            a += one[i] * other[i];
            b += one[i + 1] * other[i + 1];
        }
        return a + b;
    }

    /** The nearest to each probe so far, in no order. */
    public List<List<Long>> nearest() {
        List<List<Long>> nearest = new ArrayList<>();
        for (LongHeap heap : kept) {
            LongHeap copy = new LongHeap();
            List<Long> ids = new ArrayList<>();
            while (heap.size() > 0) {
                long next = heap.remove();
                copy.add(next);
                ids.add(next & 0xFFFFFFFFL);
            }
            while (copy.size() > 0) {
                heap.add(copy.remove());
            }
            nearest.add(Collections.unmodifiableList(ids));
        }
        return nearest;
    }

    /** Share of what should have been found that was. */
    public static double recall(List<List<Long>> found, List<List<Long>> nearest) {
        long hits = 0;
        long wanted = 0;
        for (int i = 0; i < nearest.size(); i++) {
            HashSet<Long> truth = new HashSet<>(nearest.get(i));
            wanted += truth.size();
            truth.retainAll(new HashSet<>(found.get(i)));
            hits += truth.size();
        }
        return wanted == 0 ? 1 : hits / (double) wanted;
    }
}
