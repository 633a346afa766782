package paseo.matching;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import paseo.events.Embedding;
import paseo.events.Template;

/** Embeddings as pgvector reads them. */
final class Vectors {
    static final float DECIMALS = 1e7f;

    private Vectors() {}

    /**
     * The text of a {@code halfvec}, to be cast in the statement: in text because arrays of it have no other form.
     * Seven decimals as integers times 1e-7: far finer than half precision, and cheaper than printing floats.
     */
    static String text(Embedding embedding) {
        int dimension = embedding.dimension();
        StringBuilder text = new StringBuilder(dimension * 12).append('[');
        for (int i = 0; i < dimension; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(Math.round(embedding.get(i) * DECIMALS))
                    .append("e-7");
        }
        return text.append(']').toString();
    }

    /** The centre, then the prototypes. */
    static String[] texts(Template template) {
        List<Template.Prototype> prototypes = template.prototypes();
        return Stream.concat(Stream.of(template.centre()), prototypes.stream().map(Template.Prototype::embedding))
                .map(Vectors::text)
                .toArray(String[]::new);
    }

    /** What pgvector's {@code vector_send} gives: the dimension, two unused bytes, big-endian float32 values. */
    static float[] parse(byte[] sent) {
        ByteBuffer bytes = ByteBuffer.wrap(sent);
        float[] values = new float[bytes.getShort()];
        bytes.position(2 * Short.BYTES);
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** What pgvector prints, {@code [0.1,-0.2]}, as numbers. */
    static float[] parse(String text) {
        String[] numbers = text.substring(1, text.length() - 1).split(",", -1);
        float[] values = new float[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(numbers[i]);
        }
        return values;
    }
}
