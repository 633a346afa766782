package paseo.matching;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Rows of {@code template} in PostgreSQL's binary format of COPY: many at once, and every half as it was. */
final class TemplateCopy {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final String STATEMENT = """
            COPY template (pack_id, sequence_no, ordinal, person, weight, concentration, face_count, frame, face_index,
                capture_us, quality, yaw, pitch, roll, embedding, dropped, made_from)
            FROM STDIN (FORMAT binary)
            """;
    private static final int COLUMNS = 17;
    private static final int NULL = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    TemplateCopy() {
        try {
            out.write(SIGNATURE);
            out.writeInt(0);
            out.writeInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param person whose the sequence is */
    void add(SealedRows.Entry entry, @Nullable Long person, TemplateRow row) {
        boolean dropped = entry.dropped(row.ordinal());
        try {
            out.writeShort(COLUMNS);
            shorts(entry.pack());
            longs(entry.no());
            shorts(row.ordinal());
            longs(dropped || person == null ? TemplateRow.UNKNOWN_TIME : person);
            floats(row.weight());
            floats(row.concentration());
            ints(row.faceCount());
            ints(row.frame());
            shorts(row.faceIndex());
            longs(row.captureMicros());
            floats(row.quality());
            floats(row.yaw());
            floats(row.pitch());
            floats(row.roll());
            halves(row.vector());
            out.writeInt(Byte.BYTES);
            out.writeBoolean(dropped);
            shorts(entry.madeFrom() == null ? TemplateRow.UNKNOWN : entry.madeFrom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void shorts(int value) throws IOException {
        if (value == TemplateRow.UNKNOWN) {
            out.writeInt(NULL);
        } else {
            out.writeInt(Short.BYTES);
            out.writeShort(value);
        }
    }

    private void ints(int value) throws IOException {
        if (value == TemplateRow.UNKNOWN) {
            out.writeInt(NULL);
        } else {
            out.writeInt(Integer.BYTES);
            out.writeInt(value);
        }
    }

    private void longs(long value) throws IOException {
        if (value == TemplateRow.UNKNOWN_TIME) {
            out.writeInt(NULL);
        } else {
            out.writeInt(Long.BYTES);
            out.writeLong(value);
        }
    }

    private void floats(float value) throws IOException {
        if (Float.isNaN(value)) {
            out.writeInt(NULL);
        } else {
            out.writeInt(Float.BYTES);
            out.writeFloat(value);
        }
    }

    private void halves(Halves vector) throws IOException {
        int length = (2 + vector.dimension()) * Short.BYTES;
        ByteBuffer sent =
                ByteBuffer.allocate(length).putShort((short) vector.dimension()).putShort((short) 0);
        vector.write(sent);
        out.writeInt(length);
        out.write(sent.array());
    }

    /** Stores what was added. To be called once. */
    void into(Connection connection) throws SQLException, IOException {
        out.writeShort(-1);
        byte[] all = bytes.toByteArray();
        new CopyManager(connection.unwrap(BaseConnection.class)).copyIn(STATEMENT, new ByteArrayInputStream(all));
    }
}
