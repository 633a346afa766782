package paseo.matching.export;

import java.io.UncheckedIOException;
import paseo.matching.RowSink;

/** Writes what it is handed; throws {@link UncheckedIOException} where that cannot be written. */
public interface ExportedRows extends RowSink {
    /** Writes what is left. To be called once, behind the last row; without it the table is not whole. */
    void end();
}
