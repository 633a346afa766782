package paseo.matching.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import paseo.matching.Column;

/**
 * A flat Parquet file (https://parquet.apache.org/docs/file-format): groups of rows, each column of a group one page in
 * plain encoding, compressed by GZIP; behind them the footer that says where everything is. Only one group is in
 * memory.
 */
final class ParquetRows implements ExportedRows {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int ROWS_IN_A_GROUP = 10_000;
    private static final String WRITER = "paseo version 0.1.0";

    private final OutputStream out;
    private final List<Group> groups = new ArrayList<>();
    private List<Column> columns = List.of();
    private List<ParquetColumn> values = List.of();
    private long position;
    private int rows;

    private record Group(List<ParquetColumn.Chunk> chunks, int rows) {}

    ParquetRows(OutputStream out) {
        this.out = out;
    }

    @Override
    public void columns(List<Column> named) {
        columns = List.copyOf(named);
        values = columns.stream().map(ParquetColumn::new).toList();
        write(MAGIC);
    }

    @Override
    public void row(Map<String, @Nullable Object> row) {
        for (int i = 0; i < columns.size(); i++) {
            values.get(i).add(row.get(columns.get(i).name()));
        }
        if (++rows == ROWS_IN_A_GROUP) {
            endGroup();
        }
    }

    private void endGroup() {
        if (rows > 0) {
            ByteArrayOutputStream group = new ByteArrayOutputStream();
            List<ParquetColumn.Chunk> chunks = new ArrayList<>();
            for (ParquetColumn column : values) {
                chunks.add(column.flush(group, position));
            }
            write(group.toByteArray());
            groups.add(new Group(chunks, rows));
            rows = 0;
        }
    }

    @Override
    public void end() {
        endGroup();
        byte[] footer = footer();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        tail.writeBytes(footer);
        ParquetColumn.int32(tail, footer.length);
        tail.writeBytes(MAGIC);
        write(tail.toByteArray());
    }

    private byte[] footer() {
        CompactThrift thrift = new CompactThrift();
        List<Integer> places = IntStream.rangeClosed(0, columns.size()).boxed().collect(Collectors.toList());
        return thrift.i32(1, 1)
                .structs(2, places, place -> {
                    if (place == 0) {
                        thrift.text(4, "paseo").i32(5, columns.size());
                    } else {
                        ParquetColumn.describe(columns.get(place - 1), thrift);
                    }
                })
                .i64(3, groups.stream().mapToLong(Group::rows).sum())
                .structs(
                        4,
                        groups,
                        group -> thrift.structs(1, group.chunks(), chunk -> chunk.describe(thrift))
                                .i64(
                                        2,
                                        Stream.of(group)
                                                .flatMap(one -> one.chunks().stream())
                                                .mapToLong(ParquetColumn.Chunk::plainSize)
                                                .sum())
                                .i64(3, group.rows()))
                .text(6, WRITER)
                .end();
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
            position += bytes.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
