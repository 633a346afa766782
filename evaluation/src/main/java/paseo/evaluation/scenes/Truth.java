package paseo.evaluation.scenes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One face in one frame, as it is. Rows are ordered by frame, then track. A row exists while any of the face box is
 * inside the picture; the box is cut off at the border.
 *
 * @param video the file's name
 * @param frame its number, from 0
 * @param timeSeconds from the video's start
 * @param track of the appearance, from 1; no two appearances of a set share one
 * @param person the folder of the photograph
 * @param photograph the file in it
 * @param x left edge, pixels
 * @param y upper edge, pixels
 * @param width pixels
 * @param height pixels
 * @param visible share of the whole face box that neither somebody nearer nor the border hides, in [0, 1]
 */
public record Truth(
        String video,
        long frame,
        double timeSeconds,
        int track,
        String person,
        String photograph,
        double x,
        double y,
        double width,
        double height,
        double visible) {
    private static final String HEADER = "video,frame,time_s,track,person,photograph,x,y,width,height,visible";
    private static final int FIELDS = 11;

    /**
     * Writes rows as CSV, with two digits of a pixel, three of a share and of a second.
     *
     * @throws IllegalArgumentException if a name holds a comma, a quote or a line break
     */
    public static void write(Path csv, List<Truth> rows) throws IOException {
        try (Writer out = Files.newBufferedWriter(csv)) {
            out.write(HEADER + "\n");
            for (Truth row : rows) {
                out.write(String.format(
                        Locale.ROOT,
                        "%s,%d,%.3f,%d,%s,%s,%.2f,%.2f,%.2f,%.2f,%.3f\n",
                        plain(row.video),
                        row.frame,
                        row.timeSeconds,
                        row.track,
                        plain(row.person),
                        plain(row.photograph),
                        row.x,
                        row.y,
                        row.width,
                        row.height,
                        row.visible));
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException naming file and line, if it is not such a file
     */
    public static List<Truth> read(Path csv) throws IOException {
        List<Truth> rows = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(csv, StandardCharsets.UTF_8)) {
            if (!HEADER.equals(in.readLine())) {
                throw new IOException(csv + " is no truth of a scene: it must begin with " + HEADER);
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                rows.add(parse(csv, rows.size() + 2, line));
            }
        }
        return rows;
    }

    private static Truth parse(Path csv, int number, String line) throws IOException {
        String[] fields = line.split(",", -1);
        if (fields.length != FIELDS) {
            throw new IOException(
                    csv + ", line " + number + ": " + fields.length + " fields where there must be " + FIELDS);
        }
        try {
            return new Truth(
                    fields[0],
                    Long.parseLong(fields[1]),
                    Double.parseDouble(fields[2]),
                    Integer.parseInt(fields[3]),
                    fields[4],
                    fields[5],
                    Double.parseDouble(fields[6]),
                    Double.parseDouble(fields[7]),
                    Double.parseDouble(fields[8]),
                    Double.parseDouble(fields[9]),
                    Double.parseDouble(fields[10]));
        } catch (NumberFormatException e) {
            throw new IOException(csv + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    private static String plain(String name) {
        if (name.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be a name in a table: it holds a comma or a quote");
        }
        return name;
    }
}
