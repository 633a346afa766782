package paseo.matching.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * As much of Thrift's compact protocol as the footer and the page headers of Parquet are written in: structs of fields
 * in rising order, integers, texts, lists.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
final class CompactThrift {
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    /** A list up to this length has it in its first byte. */
    private static final int SHORT_LIST = 14;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int last;

    byte[] end() {
        bytes.write(0);
        return bytes.toByteArray();
    }

    CompactThrift i32(int field, int value) {
        head(field, I32);
        varint(zigzag(value));
        return this;
    }

    CompactThrift i64(int field, long value) {
        head(field, I64);
        varint(zigzag(value));
        return this;
    }

    CompactThrift flag(int field, boolean value) {
        head(field, value ? TRUE : FALSE);
        return this;
    }

    CompactThrift text(int field, String value) {
        head(field, BINARY);
        text(value);
        return this;
    }

    CompactThrift struct(int field, Consumer<CompactThrift> fields) {
        head(field, STRUCT);
        nested(fields);
        return this;
    }

    <T> CompactThrift structs(int field, List<T> elements, Consumer<T> write) {
        list(field, elements.size(), STRUCT);
        for (T element : elements) {
            nested(self -> write.accept(element));
        }
        return this;
    }

    CompactThrift texts(int field, List<String> elements) {
        list(field, elements.size(), BINARY);
        elements.forEach(this::text);
        return this;
    }

    CompactThrift i32s(int field, List<Integer> elements) {
        list(field, elements.size(), I32);
        elements.forEach(element -> varint(zigzag(element)));
        return this;
    }

    private void nested(Consumer<CompactThrift> fields) {
        outer.push(last);
        last = 0;
        fields.accept(this);
        bytes.write(0);
        last = outer.pop();
    }

    private void head(int field, int type) {
        int step = field - last;
        if (step < 1 || step > 15) {
            throw new IllegalArgumentException("field " + field + " behind " + last);
        }
        bytes.write(step << 4 | type);
        last = field;
    }

    private void list(int field, int size, int type) {
        head(field, LIST);
        if (size <= SHORT_LIST) {
            bytes.write(size << 4 | type);
        } else {
            bytes.write(0xf0 | type);
            varint(size);
        }
    }

    private void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        bytes.writeBytes(utf8);
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void varint(long value) {
        varint(bytes, value);
    }

    /** Seven bits a byte, the lowest first. */
    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
