package paseo.matching.export;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;

/** How a table is written. */
public enum ExportFormat {
    /** RFC 4180, with a head. */
    CSV("text/csv; charset=utf-8"),
    /** A JSON object per line. */
    JSONL("application/jsonl"),
    /** Apache Parquet. */
    PARQUET("application/vnd.apache.parquet");

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The format of a word of {@link #word}; throws {@link IllegalArgumentException} for any other. */
    public static ExportFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(word + " is none of csv, jsonl, parquet"));
    }

    /** Also the ending of its files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String mediaType() {
        return mediaType;
    }

    /**
     * Begins a table.
     *
     * @param out not closed by it; best buffered
     */
    public ExportedRows to(OutputStream out) {
        return switch (this) {
            case CSV -> new CsvRows(out);
            case JSONL -> new JsonRows(out);
            case PARQUET -> new ParquetRows(out);
        };
    }
}
