package paseo.matching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import paseo.events.Embedding;
import paseo.events.Template;

/**
 * A template that was made of a sequence's stored pictures.
 *
 * @param faces what it was made of
 * @param template of another model pack; its prototypes are some of the pictures
 * @param vectors of the pictures by ordinal, as far as there are any
 */
public record RemadeTemplate(StoredFaces faces, Template template, Map<Integer, Embedding> vectors) {
    public RemadeTemplate {
        vectors = Map.copyOf(vectors);
    }

    /**
     * A picture as it is stored.
     *
     * @param ordinal of the picture, the same as before: the ledger names it
     * @param vector by which it is found
     * @param dropped whether it is only kept to be looked at
     */
    record Row(int ordinal, Embedding vector, boolean dropped) {}

    /**
     * All pictures, in their order. One that has no place in the template, or no vector, is kept to be looked at: under
     * its own vector or the centre, by which nobody finds it.
     */
    List<Row> rows() {
        Map<Long, Integer> places = new HashMap<>();
        template.prototypes().forEach(prototype -> places.put(prototype.frame(), prototype.faceIndex()));
        Set<Integer> known = new HashSet<>(vectors.keySet());
        List<Row> rows = new ArrayList<>();
        for (StoredFaces.Shot shot : faces.shots()) {
            boolean searched = known.contains(shot.ordinal())
                    && Integer.valueOf(shot.faceIndex()).equals(places.get(shot.frame()));
            rows.add(new Row(shot.ordinal(), vectors.getOrDefault(shot.ordinal(), template.centre()), !searched));
        }
        return rows;
    }
}
