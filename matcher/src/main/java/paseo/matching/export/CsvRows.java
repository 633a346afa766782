package paseo.matching.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import paseo.matching.Column;

/** RFC 4180, with a head. */
final class CsvRows implements ExportedRows {
    private static final Pattern FORMULA = Pattern.compile("(?s)[=+\\-@\\t\\r].*");
    private static final Pattern QUOTED = Pattern.compile("(?s).*[\",\\r\\n].*");

    private final OutputStream out;

    CsvRows(OutputStream out) {
        this.out = out;
    }

    @Override
    public void columns(List<Column> columns) {
        write(columns.stream().map(Column::name).collect(Collectors.joining(",")));
    }

    @Override
    public void row(Map<String, @Nullable Object> row) {
        write(row.values().stream().map(CsvRows::cell).collect(Collectors.joining(",")));
    }

    private void write(String line) {
        try {
            out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text that a spreadsheet would take for a formula is kept from being one. */
    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            return value.toString();
        }
        String safe = FORMULA.matcher(text).matches() ? "'" + text : text;
        return QUOTED.matcher(safe).matches() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    @Override
    public void end() {
        // Every line is written.
    }
}
