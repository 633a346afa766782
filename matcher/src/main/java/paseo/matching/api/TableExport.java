package paseo.matching.api;

import java.io.BufferedOutputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import paseo.matching.Exports;
import paseo.matching.ListFilter;
import paseo.matching.RowSink;
import paseo.matching.export.ExportFormat;
import paseo.matching.export.ExportedRows;

/** All sightings or all sequences as a file, written as they are read. */
final class TableExport {
    /** Each holds a connection to the database for as long as its client takes: the others are for everybody else. */
    private static final int AT_ONCE = 2;

    private static final int BUFFER = 1 << 16;

    private final Exports exports;
    private final Semaphore free = new Semaphore(AT_ONCE);

    TableExport(Exports exports) {
        this.exports = exports;
    }

    Answer sightings(Call call) {
        return answer(call, "sightings", exports::sightings);
    }

    Answer sequences(Call call) {
        return answer(call, "sequences", exports::sequences);
    }

    private Answer answer(Call call, String name, BiConsumer<ListFilter, RowSink> table) {
        ListFilter filter = call.filter();
        ExportFormat format = ExportFormat.of(call.text("format"));
        return new Answer.Streamed(format.mediaType(), name + "." + format.word(), out -> {
            if (!free.tryAcquire()) {
                throw new Problem(429, AT_ONCE + " exports are under way already", Map.of("Retry-After", "10"));
            }
            try {
                BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
                ExportedRows rows = format.to(buffered);
                table.accept(filter, rows);
                rows.end();
                buffered.flush();
            } finally {
                free.release();
            }
        });
    }
}
