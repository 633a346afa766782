package paseo.matching;

import java.nio.ByteBuffer;
import java.util.Arrays;
import paseo.events.Embedding;

/** A vector in half precision (IEEE 754 binary16), bit by bit as pgvector's {@code halfvec} has it. */
final class Halves {
    /** Far finer than the least half, 6e-8: read as a half again it is the same one. */
    private static final double DECIMALS = 1e10;

    private static final int FRACTION = 10;
    private static final int BIAS = 15;
    private static final int SIGN = 0x8000;

    private final short[] bits;

    private Halves(short[] bits) {
        this.bits = bits;
    }

    /** What the database makes of {@link Vectors#text}. */
    static Halves of(Embedding embedding) {
        short[] bits = new short[embedding.dimension()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = half((float) (Math.round(embedding.get(i) * Vectors.DECIMALS) / (double) Vectors.DECIMALS));
        }
        return new Halves(bits);
    }

    /** What {@code halfvec_send} gives: the dimension, two unused bytes, then the halves. */
    static Halves sent(byte[] sent) {
        ByteBuffer bytes = ByteBuffer.wrap(sent);
        return read(bytes, bytes.getShort(), 2 * Short.BYTES);
    }

    /** Those that {@link #write} wrote. */
    static Halves read(ByteBuffer bytes, int dimension) {
        return read(bytes, dimension, bytes.position());
    }

    private static Halves read(ByteBuffer bytes, int dimension, int from) {
        bytes.position(from);
        short[] bits = new short[dimension];
        bytes.asShortBuffer().get(bits);
        bytes.position(from + dimension * Short.BYTES);
        return new Halves(bits);
    }

    /** The same in single precision. */
    float[] toArray() {
        float[] values = new float[bits.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value(bits[i]);
        }
        return values;
    }

    int dimension() {
        return bits.length;
    }

    /** Big-endian, without the dimension. */
    void write(ByteBuffer bytes) {
        bytes.asShortBuffer().put(bits);
        bytes.position(bytes.position() + bits.length * Short.BYTES);
    }

    /** As text, to be cast to {@code halfvec}: the same halves again. */
    String text() {
        StringBuilder text = new StringBuilder(bits.length * 16).append('[');
        for (int i = 0; i < bits.length; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(Math.round(value(bits[i]) * DECIMALS))
                    .append("e-10");
        }
        return text.append(']').toString();
    }

    /** The nearest half of a value in [-1, 1], the even one of two. */
    static short half(float value) {
        int sign = value < 0 ? SIGN : 0;
        double size = Math.abs(value);
        // Halves below 2^-14 have that exponent, too.
        int exponent = Math.max(Math.getExponent(size), 1 - BIAS);
        // A step of the halves at this size; rint rounds to even, and a carry runs into the exponent as it must.
        long steps = (long) Math.rint(Math.scalb(size, FRACTION - exponent));
        return (short) (sign | (int) (steps + ((long) (exponent + BIAS - 1) << FRACTION)));
    }

    private static double value(short bits) {
        int exponent = (bits >> FRACTION) & 0x1f;
        int fraction = bits & ((1 << FRACTION) - 1);
        double size = exponent == 0
                ? Math.scalb((double) fraction, 1 - BIAS - FRACTION)
                : Math.scalb((double) (fraction + (1 << FRACTION)), exponent - BIAS - FRACTION);
        return (bits & SIGN) == 0 ? size : -size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Halves halves && Arrays.equals(bits, halves.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }
}
