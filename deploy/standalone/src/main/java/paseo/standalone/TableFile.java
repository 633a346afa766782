package paseo.standalone;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes rows twice: as CSV (RFC 4180, but LF) with a header line, and as JSON lines with the columns' names as keys
 * and {@code null} where a row has no value.
 */
final class TableFile<R> implements AutoCloseable {
    private final List<Column<R>> columns;
    private final BufferedWriter csv;
    private final BufferedWriter jsonLines;

    /** Begins {@code NAME.csv} and {@code NAME.jsonl}; what was there is replaced. */
    TableFile(Path directory, String name, List<Column<R>> columns) throws IOException {
        this.columns = List.copyOf(columns);
        csv = Files.newBufferedWriter(directory.resolve(name + ".csv"));
        try {
            jsonLines = Files.newBufferedWriter(directory.resolve(name + ".jsonl"));
            csv.write(String.join(",", columns.stream().map(Column::name).toList()));
            csv.write('\n');
        } catch (IOException e) {
            csv.close();
            throw e;
        }
    }

    /** Adds a row. */
    void write(R row) {
        try {
            writeCsv(row);
            writeJson(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeCsv(R row) throws IOException {
        boolean first = true;
        for (Column<R> column : columns) {
            if (!first) {
                csv.write(',');
            }
            first = false;
            csv.write(column.value().apply(row).map(TableFile::csvField).orElse(""));
        }
        csv.write('\n');
    }

    private void writeJson(R row) throws IOException {
        String before = "{";
        for (Column<R> column : columns) {
            jsonLines.write(before);
            before = ",";
            writeJsonString(jsonLines, column.name());
            jsonLines.write(':');
            String value = column.value().apply(row).orElse(null);
            if (value == null || column.number()) {
                jsonLines.write(String.valueOf(value));
            } else {
                writeJsonString(jsonLines, value);
            }
        }
        jsonLines.write("}\n");
    }

    private static String csvField(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    private static void writeJsonString(Writer writer, String value) throws IOException {
        writer.write('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                writer.write('\\');
                writer.write(c);
            } else if (c < 0x20) {
                writer.write(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                writer.write(c);
            }
        }
        writer.write('"');
    }

    @Override
    public void close() throws IOException {
        try (csv;
                jsonLines) {
            csv.flush();
            jsonLines.flush();
        }
    }
}
