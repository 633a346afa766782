package paseo.matching;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import paseo.events.Template;

/**
 * One row of {@code template}, but for whose it is. What is not known of an old one is NaN, or the least number that
 * there is.
 *
 * @param ordinal 0 for the centre, then the prototypes
 * @param weight of the centre
 * @param concentration of the centre
 * @param faceCount of the centre
 * @param frame of a prototype
 * @param faceIndex of a prototype
 * @param captureMicros of a prototype
 * @param quality of a prototype
 * @param yaw of a prototype
 * @param pitch of a prototype
 * @param roll of a prototype
 * @param vector by which it is found
 */
record TemplateRow(
        int ordinal,
        float weight,
        float concentration,
        int faceCount,
        int frame,
        int faceIndex,
        long captureMicros,
        float quality,
        float yaw,
        float pitch,
        float roll,
        Halves vector) {
    static final int UNKNOWN = Integer.MIN_VALUE;
    static final long UNKNOWN_TIME = Long.MIN_VALUE;

    private static final int BYTES = Byte.BYTES + 3 * Integer.BYTES + Long.BYTES + 6 * Float.BYTES + Short.BYTES;
    private static final byte VERSION = 1;

    /** A centre. */
    static TemplateRow centre(float weight, float concentration, int faceCount, Halves vector) {
        return new TemplateRow(
                0,
                weight,
                concentration,
                faceCount,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN_TIME,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                Float.NaN,
                vector);
    }

    /** A prototype. */
    static TemplateRow prototype(
            int ordinal,
            int frame,
            int faceIndex,
            long captureMicros,
            float quality,
            float yaw,
            float pitch,
            float roll,
            Halves vector) {
        return new TemplateRow(
                ordinal,
                Float.NaN,
                Float.NaN,
                UNKNOWN,
                frame,
                faceIndex,
                captureMicros,
                quality,
                yaw,
                pitch,
                roll,
                vector);
    }

    /** A vector of which nothing else is kept. */
    static TemplateRow bare(int ordinal, Halves vector) {
        return ordinal == 0
                ? centre(Float.NaN, Float.NaN, UNKNOWN, vector)
                : prototype(
                        ordinal, UNKNOWN, UNKNOWN, UNKNOWN_TIME, Float.NaN, Float.NaN, Float.NaN, Float.NaN, vector);
    }

    /** Those of a template, the centre first. */
    static List<TemplateRow> of(Template template) {
        List<TemplateRow> rows = new ArrayList<>();
        rows.add(centre(
                (float) template.weight(),
                (float) template.concentration(),
                template.faceCount(),
                Halves.of(template.centre())));
        for (Template.Prototype prototype : template.prototypes()) {
            rows.add(prototype(
                    rows.size(),
                    Math.toIntExact(prototype.frame()),
                    prototype.faceIndex(),
                    prototype.captureTimeMicros(),
                    prototype.quality(),
                    prototype.pose().yaw(),
                    prototype.pose().pitch(),
                    prototype.pose().roll(),
                    Halves.of(prototype.embedding())));
        }
        return rows;
    }

    /** The pictures of a template by ordinal. */
    static SortedMap<Integer, ByteBuffer> pictures(Template template) {
        SortedMap<Integer, ByteBuffer> pictures = new TreeMap<>();
        template.prototypes().forEach(prototype -> pictures.put(pictures.size() + 1, prototype.crop()));
        return pictures;
    }

    /** Rows as bytes, to be sealed. */
    static byte[] encode(List<TemplateRow> rows) {
        int bytes = rows.stream()
                .mapToInt(row -> BYTES + row.vector().dimension() * Short.BYTES)
                .sum();
        ByteBuffer buffer = ByteBuffer.allocate(1 + bytes).put(VERSION);
        rows.forEach(row -> row.write(buffer));
        return buffer.array();
    }

    private void write(ByteBuffer buffer) {
        buffer.put((byte) ordinal)
                .putFloat(weight)
                .putFloat(concentration)
                .putInt(faceCount)
                .putInt(frame)
                .putInt(faceIndex)
                .putLong(captureMicros)
                .putFloat(quality)
                .putFloat(yaw)
                .putFloat(pitch)
                .putFloat(roll)
                .putShort((short) vector.dimension());
        vector.write(buffer);
    }

    /** The rows of bytes that were opened. */
    static List<TemplateRow> decode(byte[] bytes) {
        ByteBuffer buffer = readable(bytes);
        List<TemplateRow> rows = new ArrayList<>();
        while (buffer.hasRemaining()) {
            rows.add(new TemplateRow(
                    buffer.get(),
                    buffer.getFloat(),
                    buffer.getFloat(),
                    buffer.getInt(),
                    buffer.getInt(),
                    buffer.getInt(),
                    buffer.getLong(),
                    buffer.getFloat(),
                    buffer.getFloat(),
                    buffer.getFloat(),
                    buffer.getFloat(),
                    Halves.read(buffer, buffer.getShort())));
        }
        return rows;
    }

    /** Pictures as bytes, to be sealed. */
    static byte[] encode(SortedMap<Integer, ByteBuffer> pictures) {
        int bytes = pictures.values().stream()
                .mapToInt(picture -> Byte.BYTES + Integer.BYTES + picture.remaining())
                .sum();
        ByteBuffer buffer = ByteBuffer.allocate(1 + bytes).put(VERSION);
        pictures.forEach((ordinal, picture) ->
                buffer.put(ordinal.byteValue()).putInt(picture.remaining()).put(picture.duplicate()));
        return buffer.array();
    }

    /** The pictures of bytes that were opened, read-only. */
    static SortedMap<Integer, ByteBuffer> decodePictures(byte[] bytes) {
        ByteBuffer buffer = readable(bytes);
        SortedMap<Integer, ByteBuffer> pictures = new TreeMap<>();
        while (buffer.hasRemaining()) {
            int ordinal = buffer.get();
            int length = buffer.getInt();
            pictures.put(ordinal, buffer.slice(buffer.position(), length).asReadOnlyBuffer());
            buffer.position(buffer.position() + length);
        }
        return pictures;
    }

    private static ByteBuffer readable(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (!buffer.hasRemaining() || buffer.get() != VERSION) {
            throw new IllegalArgumentException("sealed by a later program");
        }
        return buffer;
    }
}
