package paseo.matching.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import paseo.matching.ListFilter;
import paseo.matching.Window;

/** All sightings as a table or as lines of JSON, written as they are read. */
final class SightingExport {
    private SightingExport() {}

    /** @param format {@code csv} or {@code jsonl} */
    static Answer of(Window window, ListFilter filter, String format) {
        return format.equals("csv")
                ? new Answer.Streamed("text/csv; charset=utf-8", "sightings.csv", out -> {
                    Table table = new Table(out);
                    window.export(filter, table::row);
                })
                : new Answer.Streamed(
                        "application/jsonl",
                        "sightings.jsonl",
                        out -> window.export(
                                filter, row -> write(out, new String(Json.bytes(row), StandardCharsets.UTF_8))));
    }

    private static void write(OutputStream out, String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** RFC 4180, with a head. */
    private static final class Table {
        private final OutputStream out;
        private boolean begun;

        Table(OutputStream out) {
            this.out = out;
        }

        void row(Map<String, @Nullable Object> row) {
            if (!begun) {
                begun = true;
                write(out, String.join(",", row.keySet()));
            }
            write(out, row.values().stream().map(Table::cell).collect(Collectors.joining(",")));
        }

        /** A text that a spreadsheet would take for a formula is kept from being one. */
        private static String cell(@Nullable Object value) {
            if (value == null) {
                return "";
            }
            if (!(value instanceof String)) {
                return value.toString();
            }
            String text = value.toString();
            String safe = text.matches("(?s)[=+\\-@\\t\\r].*") ? "'" + text : text;
            return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
        }
    }
}
