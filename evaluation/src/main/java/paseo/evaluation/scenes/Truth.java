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
     * Writes rows as CSV (RFC 4180, lines ended by LF), with two digits of a pixel, three of a share and of a second.
     *
     * @throws IllegalArgumentException if a name holds a line break
     */
    public static void write(Path csv, List<Truth> rows) throws IOException {
        try (Writer out = Files.newBufferedWriter(csv)) {
            out.write(HEADER + "\n");
            for (Truth row : rows) {
                out.write(String.format(
                        Locale.ROOT,
                        "%s,%d,%.3f,%d,%s,%s,%.2f,%.2f,%.2f,%.2f,%.3f\n",
                        field(row.video),
                        row.frame,
                        row.timeSeconds,
                        row.track,
                        field(row.person),
                        field(row.photograph),
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
        List<String> fields = fields(line);
        if (fields.size() != FIELDS) {
            throw new IOException(
                    csv + ", line " + number + ": " + fields.size() + " fields where there must be " + FIELDS);
        }
        try {
            return new Truth(
                    fields.get(0),
                    Long.parseLong(fields.get(1)),
                    Double.parseDouble(fields.get(2)),
                    Integer.parseInt(fields.get(3)),
                    fields.get(4),
                    fields.get(5),
                    Double.parseDouble(fields.get(6)),
                    Double.parseDouble(fields.get(7)),
                    Double.parseDouble(fields.get(8)),
                    Double.parseDouble(fields.get(9)),
                    Double.parseDouble(fields.get(10)));
        } catch (NumberFormatException e) {
            throw new IOException(csv + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    private static String field(String name) {
        if (name.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new IllegalArgumentException("'" + name + "' cannot be a name in a table: it holds a line break");
        }
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"');
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                // Where one quote closes and the next one opens at once, the two are one of the field's own.
                if (!quoted && i > 0 && line.charAt(i - 1) == '"') {
                    field.append(c);
                }
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
