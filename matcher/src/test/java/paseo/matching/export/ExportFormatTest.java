package paseo.matching.export;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.ParquetReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.matching.Column;

/** Tables as files; those of Parquet are read back by Apache's own reader. */
class ExportFormatTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("id", Column.Type.TEXT),
            new Column("person", Column.Type.INTEGER),
            new Column("similarity", Column.Type.NUMBER),
            new Column("watched", Column.Type.BOOLEAN),
            new Column("storedAt", Column.Type.TIME),
            new Column("never", Column.Type.NUMBER));

    @TempDir
    Path directory;

    private static Map<String, @Nullable Object> row(int i) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", i % 7 == 3 ? null : "söquence " + i);
        row.put("person", i % 2 == 0 ? null : i % 4 == 1 ? (Object) i : (Object) (long) -i);
        row.put("similarity", i % 3 == 0 ? null : i / 7.0);
        row.put("watched", i % 5 == 0 ? null : i % 11 > 4);
        row.put("storedAt", "2026-05-01T12:00:00.00000" + i % 10 + "Z");
        row.put("never", null);
        return row;
    }

    private static byte[] written(ExportFormat format, int rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportedRows sink = format.to(out);
        sink.columns(COLUMNS);
        for (int i = 0; i < rows; i++) {
            sink.row(row(i));
        }
        sink.end();
        return out.toByteArray();
    }

    private List<Map<String, @Nullable Object>> read(byte[] parquet) throws IOException {
        Path file = directory.resolve("table.parquet");
        Files.write(file, parquet);
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Gunzip())
                .build();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (ParquetFileReader reader = new ParquetFileReader(ParquetReader.makeInputFile(file.toFile()), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(group, new GroupRecordConverter(schema));
                for (long i = 0; i < group.getRowCount(); i++) {
                    rows.add(row(records.read(), schema));
                }
            }
        }
        return rows;
    }

    private static Map<String, @Nullable Object> row(Group group, MessageType schema) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < schema.getFieldCount(); i++) {
            row.put(schema.getFieldName(i), group.getFieldRepetitionCount(i) == 0 ? null : value(group, schema, i));
        }
        return row;
    }

    private static Object value(Group group, MessageType schema, int field) {
        return switch (schema.getType(field).asPrimitiveType().getPrimitiveTypeName()) {
            case INT64 -> group.getLong(field, 0);
            case DOUBLE -> group.getDouble(field, 0);
            case BOOLEAN -> group.getBoolean(field, 0);
            case BINARY -> group.getString(field, 0);
            default -> throw new AssertionError(schema);
        };
    }

    /** The reader finds its own decompressors through Hadoop, which is not there. */
    private static final class Gunzip
            implements CompressionCodecFactory, CompressionCodecFactory.BytesInputDecompressor {
        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            assertThat(codec).isEqualTo(CompressionCodecName.GZIP);
            return this;
        }

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            try (GZIPInputStream plain = new GZIPInputStream(bytes.toInputStream())) {
                return BytesInput.from(plain.readAllBytes());
            }
        }

        @Override
        public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size) throws IOException {
            output.put(decompress(BytesInput.from(input), size).toInputStream().readAllBytes());
        }

        @Override
        public void release() {
            // Nothing is held.
        }
    }

    @Test
    void parquetIsReadBackByAnotherReader() throws IOException {
        int count = 23_456;
        List<Map<String, @Nullable Object>> rows = read(written(ExportFormat.PARQUET, count));
        assertThat(rows).hasSize(count);
        long noon = 1_777_636_800_000_000L;
        for (int i = 0; i < count; i++) {
            Map<String, @Nullable Object> expected = row(i);
            Object number = expected.get("person");
            expected.put("person", number == null ? null : ((Number) number).longValue());
            expected.put("storedAt", noon + i % 10);
            assertThat(rows.get(i)).as("row %d", i).isEqualTo(expected);
        }
    }

    @Test
    void parquetSaysWhatTextsAndTimesAre() throws IOException {
        Path file = directory.resolve("schema.parquet");
        Files.write(file, written(ExportFormat.PARQUET, 1));
        var schema = ParquetReader.readMetadata(file.toFile()).getFileMetaData().getSchema();
        assertThat(schema.getType("id").getLogicalTypeAnnotation()).isEqualTo(LogicalTypeAnnotation.stringType());
        assertThat(schema.getType("storedAt").getLogicalTypeAnnotation())
                .isEqualTo(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS));
        assertThat(schema.getType("person").getLogicalTypeAnnotation()).isNull();
    }

    @Test
    void anEmptyTableIsATableToo() throws IOException {
        assertThat(read(written(ExportFormat.PARQUET, 0))).isEmpty();
        assertThat(new String(written(ExportFormat.CSV, 0), StandardCharsets.UTF_8))
                .isEqualTo("id,person,similarity,watched,storedAt,never\r\n");
        assertThat(written(ExportFormat.JSONL, 0)).isEmpty();
    }

    @Test
    void tablesAreForSpreadsheetsThatMustNotComputeThem() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExportedRows csv = ExportFormat.CSV.to(out);
        List<Column> columns = List.of(new Column("a", Column.Type.TEXT), new Column("b", Column.Type.TEXT));
        csv.columns(columns);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("a", "=1+1");
        row.put("b", "say \"hi\", twice");
        csv.row(row);
        row.put("a", -1.5);
        row.put("b", null);
        csv.row(row);
        csv.end();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("a,b\r\n'=1+1,\"say \"\"hi\"\", twice\"\r\n-1.5,\r\n");
    }

    @Test
    void linesAreObjects() {
        List<String> lines = new ArrayList<>(new String(written(ExportFormat.JSONL, 3), StandardCharsets.UTF_8)
                .lines()
                .toList());
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1))
                .startsWith("{\"id\":\"söquence 1\",\"person\":1,")
                .endsWith("\"never\":null}");
    }
}
