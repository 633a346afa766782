package paseo.evaluation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import paseo.evaluation.scenes.Photographs;
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

    /**
     * Photographs of those in an archive that calibrations are fitted on.
     *
     * @throws IOException if it cannot be read or holds too few of them
     */
    static List<Photograph> toFit(Path tar) throws IOException {
        List<Photograph> all = Photographs.read(tar);
        List<Photograph> fitted = toFit(all);
        if (number(fitted) < CalibrationFit.FEWEST_PEOPLE) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%,d people in %s, %,d of them are kept for calibration, which needs %,d: take an archive with more"
                            + " people",
                    number(all),
                    tar,
                    number(fitted),
                    CalibrationFit.FEWEST_PEOPLE));
        }
        return fitted;
    }

    /**
     * Photographs of those in an archive that may be measured.
     *
     * @throws IOException if it cannot be read or holds none of them
     */
    static List<Photograph> toMeasure(Path tar) throws IOException {
        List<Photograph> all = Photographs.read(tar);
        List<Photograph> measured = toMeasure(all);
        if (measured.isEmpty()) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%,d people in %s, all of them are kept for calibration: take an archive with more people",
                    number(all),
                    tar));
        }
        return measured;
    }

    private static long number(List<Photograph> photographs) {
        return photographs.stream().map(Photograph::person).distinct().count();
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
