package paseo.evaluation.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import paseo.evaluation.scoring.FrameBoxes.Truth;
import paseo.evaluation.tracking.Recording.Detection;
import paseo.evaluation.tracking.Recording.Frame;
import paseo.events.Box;

/**
 * Face tracks of the LTFT set: the number of frames, then a line per frame, {@code frame n} and n times {@code id x y
 * width height face confidence}, where {@code face} 0 is a false alarm. The truth is given by detection.
 */
final class LtftFile {
    /** Not stated in the files. Only a tracker whose patience is a time depends on it. */
    private static final double FRAMES_PER_SECOND = 30;

    private static final int FIELDS = 7;

    private LtftFile() {}

    static Recording read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Frame> frames = new ArrayList<>();
        try {
            for (String line : lines.subList(1, lines.size())) {
                if (!line.isBlank()) {
                    frames.add(frame(line.strip().split("\\s+", -1)));
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(
                    file + ": line " + (frames.size() + 2)
                            + " is not 'frame n' and n times 'id x y w h face confidence'",
                    e);
        }
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        return new Recording(name, FRAMES_PER_SECOND, true, List.copyOf(frames));
    }

    private static Frame frame(String[] fields) {
        List<Truth> truth = new ArrayList<>();
        List<Detection> detections = new ArrayList<>();
        int count = Integer.parseInt(fields[1]);
        for (int i = 0; i < count; i++) {
            int at = 2 + i * FIELDS;
            Box box = new Box(
                    Float.parseFloat(fields[at + 1]),
                    Float.parseFloat(fields[at + 2]),
                    Float.parseFloat(fields[at + 3]),
                    Float.parseFloat(fields[at + 4]));
            if (!fields[at + 5].equals("0")) {
                truth.add(Truth.counted(fields[at], Recording.mark(i)));
            }
            detections.add(new Detection(box, Double.parseDouble(fields[at + 6])));
        }
        return new Frame(List.copyOf(truth), List.copyOf(detections));
    }
}
