package paseo.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import paseo.evaluation.scenes.Photographs.Photograph;

/**
 * Who calibrations are fitted on and who is measured: a fifth of the people and the others, by the name of their
 * folder, so that the two never meet, whatever is asked for in whichever order.
 */
final class People {
    private static final int PARTS = 5;

    private People() {}

    /** Whether thresholds may be fitted on the person, who then is never measured. */
    static boolean fitted(String person) {
        CRC32 digest = new CRC32();
        digest.update(person.getBytes(StandardCharsets.UTF_8));
        return digest.getValue() % PARTS == 0;
    }

    /** Photographs of those that calibrations are fitted on. */
    static List<Photograph> toFit(List<Photograph> photographs) {
        return photographs.stream()
                .filter(photograph -> fitted(photograph.person()))
                .toList();
    }

    /** Photographs of those that may be measured. */
    static List<Photograph> toMeasure(List<Photograph> photographs) {
        return photographs.stream()
                .filter(photograph -> !fitted(photograph.person()))
                .toList();
    }

    /** One photograph of each person, another one in each round where there are several. */
    static List<Photograph> ofRound(List<Photograph> photographs, int round) {
        Map<String, List<Photograph>> ofPerson = photographs.stream()
                .collect(Collectors.groupingBy(Photograph::person, LinkedHashMap::new, Collectors.toList()));
        return ofPerson.values().stream()
                .map(person -> person.get(round % person.size()))
                .toList();
    }
}
