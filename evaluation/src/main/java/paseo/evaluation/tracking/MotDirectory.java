package paseo.evaluation.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import paseo.evaluation.scoring.FrameBoxes.Role;
import paseo.evaluation.scoring.FrameBoxes.Truth;
import paseo.evaluation.tracking.Recording.Detection;
import paseo.evaluation.tracking.Recording.Frame;
import paseo.evaluation.tracking.Recording.Tracked;
import paseo.events.Box;

/**
 * A sequence in the layout of MOTChallenge: {@code gt.txt} (or {@code gt/gt.txt}), detections in {@code det*.txt} (or
 * {@code det/det.txt}), trackers' results in the other {@code .txt} files, rate and length in {@code seqinfo.ini}.
 *
 * <p>Lines are {@code frame,id,x,y,width,height,confidence,…} with frames from 1. A truth of nine columns has the class
 * in the eighth: pedestrians count, distractors are neutral, everything else is left out.
 */
final class MotDirectory {
    private static final double DEFAULT_FRAMES_PER_SECOND = 25;
    private static final int COLUMNS_WITH_CLASS = 9;
    private static final int PEDESTRIAN = 1;

    /** Person on a vehicle, static person, distractor, reflection: as MOTChallenge's own scorer has it for MOT17. */
    private static final Set<Integer> DISTRACTORS = Set.of(2, 7, 8, 12);

    private final Path directory;
    private final Path truth;
    private final Map<Integer, List<Row>> truthRows;
    private final Map<String, String> info;

    /** A line of a file. */
    private record Row(int frame, String id, Box box, double confidence, int classId, int columns) {}

    private MotDirectory(Path directory, Path truth) throws IOException {
        this.directory = directory;
        this.truth = truth;
        this.truthRows = rows(truth);
        this.info = info(directory.resolve("seqinfo.ini"));
    }

    /** Opens a sequence. */
    static MotDirectory of(Path directory) throws IOException {
        for (Path truth : List.of(directory.resolve("gt.txt"), directory.resolve("gt/gt.txt"))) {
            if (Files.isRegularFile(truth)) {
                return new MotDirectory(directory, truth);
            }
        }
        throw new IOException(directory + ": neither gt.txt nor gt/gt.txt is there");
    }

    String name() {
        return directory.getFileName().toString();
    }

    /** Files of detections, sorted. */
    List<Path> detectionFiles() throws IOException {
        Path nested = directory.resolve("det/det.txt");
        return Files.isRegularFile(nested) ? List.of(nested) : files(true);
    }

    /** Files of trackers' results, sorted. */
    List<Path> resultFiles() throws IOException {
        return files(false);
    }

    private List<Path> files(boolean detections) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".txt") && !file.equals(truth))
                    .filter(file -> file.getFileName().toString().startsWith("det") == detections)
                    .sorted()
                    .toList();
        }
    }

    /** The truth alone. */
    Recording recording() throws IOException {
        return recording(Map.of());
    }

    /** The truth with detections. */
    Recording recording(Path detections) throws IOException {
        return recording(rows(detections));
    }

    private Recording recording(Map<Integer, List<Row>> detected) {
        List<Frame> frames = new ArrayList<>();
        for (int number = 1; number <= length(detected); number++) {
            List<Truth> boxes = truthRows.getOrDefault(number, List.of()).stream()
                    .map(MotDirectory::truth)
                    .flatMap(Optional::stream)
                    .toList();
            List<Detection> detections = detected.getOrDefault(number, List.of()).stream()
                    .map(row -> new Detection(row.box(), row.confidence()))
                    .toList();
            frames.add(new Frame(boxes, detections));
        }
        String rate = info.get("framerate");
        double framesPerSecond = rate == null ? DEFAULT_FRAMES_PER_SECOND : Double.parseDouble(rate);
        return new Recording(name(), framesPerSecond, false, List.copyOf(frames));
    }

    /** A tracker's result by frame, as many frames as the recording has. */
    static List<List<Tracked>> result(Path file, Recording recording) throws IOException {
        Map<Integer, List<Row>> rows = rows(file);
        List<List<Tracked>> tracked = new ArrayList<>();
        for (int number = 1; number <= recording.frames().size(); number++) {
            tracked.add(rows.getOrDefault(number, List.of()).stream()
                    .map(row -> new Tracked(row.id(), row.box(), -1))
                    .toList());
        }
        return tracked;
    }

    private int length(Map<Integer, List<Row>> detected) {
        String stated = info.get("seqlength");
        if (stated != null) {
            return Integer.parseInt(stated);
        }
        return Stream.of(truthRows, detected)
                .flatMap(rows -> rows.keySet().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    private static Optional<Truth> truth(Row row) {
        if (row.columns() != COLUMNS_WITH_CLASS) {
            return Optional.of(Truth.counted(row.id(), row.box()));
        }
        if (DISTRACTORS.contains(row.classId())) {
            return Optional.of(new Truth(row.id(), row.box(), Role.NEUTRAL));
        }
        return row.classId() == PEDESTRIAN && row.confidence() != 0
                ? Optional.of(Truth.counted(row.id(), row.box()))
                : Optional.empty();
    }

    private static Map<Integer, List<Row>> rows(Path file) throws IOException {
        Map<Integer, List<Row>> rows = new TreeMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                Row row = row(file, number, line);
                rows.computeIfAbsent(row.frame(), key -> new ArrayList<>()).add(row);
            }
        }
        return rows;
    }

    private static Row row(Path file, int number, String line) throws IOException {
        String[] fields = line.strip().split("\\s*,\\s*", -1);
        try {
            Box box = new Box(
                    Float.parseFloat(fields[2]),
                    Float.parseFloat(fields[3]),
                    Float.parseFloat(fields[4]),
                    Float.parseFloat(fields[5]));
            int classId = fields.length == COLUMNS_WITH_CLASS ? (int) Double.parseDouble(fields[7]) : PEDESTRIAN;
            return new Row(
                    (int) Double.parseDouble(fields[0]),
                    fields[1].replaceFirst("\\.0+$", ""),
                    box,
                    fields.length > 6 ? Double.parseDouble(fields[6]) : 1,
                    classId,
                    fields.length);
        } catch (RuntimeException e) {
            throw new IOException(file + ": line " + number + " is not 'frame,id,x,y,width,height,…'", e);
        }
    }

    private static Map<String, String> info(Path file) throws IOException {
        Map<String, String> info = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    info.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip());
                }
            }
        }
        return info;
    }
}
