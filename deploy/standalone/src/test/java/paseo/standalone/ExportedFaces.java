package paseo.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The faces of an export beside a truth file: who is which person? */
final class ExportedFaces {
    /** The truth's boxes are another detector's. */
    private static final double SAME_FACE = 0.3;

    private final Map<Long, List<Face>> byFrame = new HashMap<>();

    /** A face of {@code faces.csv}; person 0 is nobody. */
    record Face(long frame, Area area, String sequence, long person) {}

    /** A box in pixels. */
    record Area(double x, double y, double width, double height) {
        double size() {
            return width * height;
        }

        double overlap(Area other) {
            double across = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
            double down = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
            double both = Math.max(0, across) * Math.max(0, down);
            return both / (size() + other.size() - both);
        }
    }

    /**
     * Somebody of the truth.
     *
     * @param persons numbers that their faces were given, with how many faces
     * @param found faces that were detected
     * @param shots runs of consecutive frames in which some face has a number
     */
    record Known(Map<Long, Integer> persons, Set<Long> found, Set<Integer> shots) {}

    ExportedFaces(Path export) throws IOException {
        for (String line :
                Files.readAllLines(export.resolve("faces.csv")).stream().skip(1).toList()) {
            String[] cells = line.split(",", -1);
            long person = cells[13].isEmpty() ? 0 : Long.parseLong(cells[13]);
            Face face = new Face(Long.parseLong(cells[1]), area(cells, 3), cells[12], person);
            byFrame.computeIfAbsent(face.frame(), frame -> new ArrayList<>()).add(face);
        }
    }

    private static Area area(String[] cells, int first) {
        return new Area(
                Double.parseDouble(cells[first]),
                Double.parseDouble(cells[first + 1]),
                Double.parseDouble(cells[first + 2]),
                Double.parseDouble(cells[first + 3]));
    }

    List<Face> in(long frame) {
        return byFrame.getOrDefault(frame, List.of());
    }

    Set<Long> frames() {
        return new TreeSet<>(byFrame.keySet());
    }

    Face largestIn(long frame) {
        return in(frame).stream()
                .max(Comparator.comparingDouble(face -> face.area().size()))
                .orElseThrow();
    }

    /** Everybody of a truth file ({@code frame,person,x,y,w,h}, frames from 1), by label. */
    Map<String, Known> compare(Path truth) throws IOException {
        Map<String, Known> everybody = new TreeMap<>();
        Map<String, Long> lastFrame = new HashMap<>();
        Map<String, Integer> shot = new HashMap<>();
        for (String line : Files.readAllLines(truth).stream().skip(1).toList()) {
            String[] cells = line.split(",", -1);
            long frame = Long.parseLong(cells[0]) - 1;
            Known known = everybody.computeIfAbsent(
                    cells[1], label -> new Known(new TreeMap<>(), new HashSet<>(), new TreeSet<>()));
            if (frame - lastFrame.getOrDefault(cells[1], -100L) > 1) {
                shot.merge(cells[1], 1, Integer::sum);
            }
            lastFrame.put(cells[1], frame);
            Optional<Face> face = at(frame, area(cells, 2));
            face.ifPresent(found -> known.found().add(frame));
            face.filter(found -> found.person() > 0).ifPresent(found -> {
                known.persons().merge(found.person(), 1, Integer::sum);
                known.shots().add(shot.getOrDefault(cells[1], 0));
            });
        }
        return everybody;
    }

    private Optional<Face> at(long frame, Area area) {
        return in(frame).stream()
                .max(Comparator.comparingDouble(face -> face.area().overlap(area)))
                .filter(face -> face.area().overlap(area) >= SAME_FACE);
    }
}
