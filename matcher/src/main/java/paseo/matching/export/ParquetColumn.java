package paseo.matching.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import paseo.matching.Column;

/** The values of one column of a group of rows, in Parquet's plain encoding; each may be missing. */
final class ParquetColumn {
    private static final int BOOLEAN = 0;
    private static final int INT64 = 2;
    private static final int DOUBLE = 5;
    private static final int BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;
    private static final int TIMESTAMP_MICROS = 10;

    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int GZIP = 2;

    private final Column column;
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    /** Whether each value is there, in runs: how many alike, then 1 or 0. */
    private final ByteArrayOutputStream presence = new ByteArrayOutputStream();

    private int rows;
    private int run;
    private boolean present;
    private int bits;
    private int bitCount;

    ParquetColumn(Column column) {
        this.column = column;
    }

    /**
     * A column in a file.
     *
     * @param offset of its page's head
     * @param size in the file, head included
     * @param plainSize before compression, head included
     */
    record Chunk(Column column, int rows, long offset, long size, long plainSize) {
        /** As the footer tells it. */
        void describe(CompactThrift thrift) {
            thrift.i64(2, offset)
                    .struct(
                            3,
                            meta -> meta.i32(1, type(column))
                                    .i32s(2, List.of(PLAIN, RLE))
                                    .texts(3, List.of(column.name()))
                                    .i32(4, GZIP)
                                    .i64(5, rows)
                                    .i64(6, plainSize)
                                    .i64(7, size)
                                    .i64(9, offset));
        }
    }

    /** As the footer's schema tells it. */
    static void describe(Column column, CompactThrift thrift) {
        thrift.i32(1, type(column)).i32(3, OPTIONAL).text(4, column.name());
        switch (column.type()) {
            case TEXT -> thrift.i32(6, UTF8).struct(10, logical -> logical.struct(1, string -> {}));
            case TIME ->
                thrift.i32(6, TIMESTAMP_MICROS)
                        .struct(
                                10,
                                logical -> logical.struct(
                                        8, time -> time.flag(1, true).struct(2, unit -> unit.struct(2, micros -> {}))));
            case INTEGER, NUMBER, BOOLEAN -> {
                // The physical type says it all.
            }
        }
    }

    private static int type(Column column) {
        return switch (column.type()) {
            case INTEGER, TIME -> INT64;
            case NUMBER -> DOUBLE;
            case BOOLEAN -> BOOLEAN;
            case TEXT -> BYTE_ARRAY;
        };
    }

    void add(@Nullable Object value) {
        boolean there = value != null;
        if (there != present || run == 0) {
            endRun();
            present = there;
        }
        run++;
        rows++;
        if (value != null) {
            write(value);
        }
    }

    private void write(Object value) {
        switch (column.type()) {
            case INTEGER -> int64(((Number) value).longValue());
            case NUMBER -> int64(Double.doubleToRawLongBits(((Number) value).doubleValue()));
            case TIME -> int64(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.toString())));
            case BOOLEAN -> bit(Boolean.TRUE.equals(value));
            case TEXT -> {
                byte[] utf8 = value.toString().getBytes(StandardCharsets.UTF_8);
                int32(values, utf8.length);
                values.writeBytes(utf8);
            }
        }
    }

    private void int64(long value) {
        values.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    static void int32(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private void bit(boolean value) {
        bits |= (value ? 1 : 0) << bitCount++;
        if (bitCount == Byte.SIZE) {
            endByte();
        }
    }

    private void endByte() {
        values.write(bits);
        bits = 0;
        bitCount = 0;
    }

    private void endRun() {
        if (run > 0) {
            CompactThrift.varint(presence, (long) run << 1);
            presence.write(present ? 1 : 0);
            run = 0;
        }
    }

    /**
     * Puts what was added behind what is there, as one page, and begins anew.
     *
     * @param offset in the file of the first byte of {@code out}
     */
    Chunk flush(ByteArrayOutputStream out, long offset) {
        endRun();
        if (bitCount > 0) {
            endByte();
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int32(plain, presence.size());
        plain.writeBytes(presence.toByteArray());
        plain.writeBytes(values.toByteArray());
        byte[] page = compressed(plain.toByteArray());
        byte[] head = new CompactThrift()
                .i32(1, 0)
                .i32(2, plain.size())
                .i32(3, page.length)
                .struct(5, data -> data.i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE))
                .end();
        Chunk chunk = new Chunk(
                column, rows, offset + out.size(), head.length + (long) page.length, head.length + (long) plain.size());
        out.writeBytes(head);
        out.writeBytes(page);
        values.reset();
        presence.reset();
        rows = 0;
        return chunk;
    }

    private static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return small.toByteArray();
    }
}
