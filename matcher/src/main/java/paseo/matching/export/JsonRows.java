package paseo.matching.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import paseo.matching.Column;

/** A JSON object per line. */
final class JsonRows implements ExportedRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream out;

    JsonRows(OutputStream out) {
        this.out = out;
    }

    @Override
    public void columns(List<Column> columns) {
        // Each line says what it has.
    }

    @Override
    public void row(Map<String, @Nullable Object> row) {
        try {
            out.write(JSON.writeValueAsBytes(row));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() {
        // Every line is written.
    }
}
