package paseo.evaluation.methods;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import paseo.evaluation.scoring.Probe;

/** Looks sequences up in galleries of known people, whatever would be decided. */
public final class Searches {
    private Searches() {}

    /**
     * Each sequence against the people of those before it. On as many threads as there are processors; the result
     * doesn't depend on them.
     *
     * @param inTimeOrder all sequences
     * @return a probe for each sequence but the first
     */
    public static <T> List<Probe> inOrder(List<FaceSequence> inTimeOrder, Method<T> method) {
        List<T> represented = inTimeOrder.stream().map(method::represent).toList();
        return IntStream.range(1, represented.size())
                .parallel()
                .mapToObj(i -> {
                    Map<String, List<T>> gallery = new LinkedHashMap<>();
                    for (int j = 0; j < i; j++) {
                        gallery.computeIfAbsent(inTimeOrder.get(j).person(), person -> new ArrayList<>())
                                .add(represented.get(j));
                    }
                    return search(inTimeOrder.get(i).person(), represented.get(i), gallery, "", method);
                })
                .toList();
    }

    /**
     * Each probe against one gallery. On as many threads as there are processors; the result doesn't depend on them.
     *
     * @param gallery stored sequences
     * @param probes looked up; where {@code strangers}, as if their own person was not stored
     */
    public static <T> List<Probe> against(
            List<FaceSequence> gallery, List<FaceSequence> probes, boolean strangers, Method<T> method) {
        Map<String, List<T>> stored = new LinkedHashMap<>();
        for (FaceSequence sequence : gallery) {
            stored.computeIfAbsent(sequence.person(), person -> new ArrayList<>())
                    .add(method.represent(sequence));
        }
        return IntStream.range(0, probes.size())
                .parallel()
                .mapToObj(i -> {
                    FaceSequence probe = probes.get(i);
                    String hidden = strangers ? probe.person() : "";
                    return search(probe.person(), method.represent(probe), stored, hidden, method);
                })
                .toList();
    }

    private static <T> Probe search(
            String person, T probe, Map<String, List<T>> gallery, String hidden, Method<T> method) {
        List<Map.Entry<String, List<T>>> persons = gallery.entrySet().stream()
                .filter(candidate -> !candidate.getKey().equals(hidden))
                .toList();
        double[] adjusted = method.adjust(persons.stream()
                .mapToDouble(candidate -> method.similarity(probe, candidate.getValue()))
                .toArray());
        double own = Double.NEGATIVE_INFINITY;
        double other = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < adjusted.length; i++) {
            if (persons.get(i).getKey().equals(person)) {
                own = adjusted[i];
            } else {
                other = Math.max(other, adjusted[i]);
            }
        }
        return new Probe(person, own, other);
    }
}
