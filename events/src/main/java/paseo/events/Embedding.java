package paseo.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A unit vector that stands for a face, immutable. Embeddings of different model packs must never be compared. */
public final class Embedding {
    /** Below this length a vector has no direction worth normalising. */
    private static final double SMALLEST_NORM = 1e-6;

    private final float[] values;

    private Embedding(float[] values) {
        this.values = values;
    }

    /**
     * Normalises a vector to length 1.
     *
     * @throws IllegalArgumentException if the vector is empty, not finite or has no length
     */
    public static Embedding normalised(float[] vector) {
        double norm = Math.sqrt(squaredNorm(vector));
        if (!(norm > SMALLEST_NORM) || Double.isInfinite(norm)) {
            throw new IllegalArgumentException(
                    "an embedding must be a finite vector longer than zero, not of norm " + norm);
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return new Embedding(unit);
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws EventFormatException if the bytes are not a unit vector of little-endian float32
     */
    static Embedding ofBytes(ByteString bytes) {
        if (bytes.isEmpty() || bytes.size() % Float.BYTES != 0) {
            throw new EventFormatException("an embedding of " + bytes.size() + " bytes is not a float32 vector");
        }
        FloatBuffer floats =
                bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        double norm = Math.sqrt(squaredNorm(values));
        // Half-precision storage on the way costs up to 1e-3; anything further off was never normalised.
        if (!(Math.abs(norm - 1) < 1e-2)) {
            throw new EventFormatException("an embedding must have length 1, not " + norm);
        }
        return new Embedding(values);
    }

    ByteString toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Number of values. */
    public int dimension() {
        return values.length;
    }

    /** Value number {@code i}. */
    public float get(int i) {
        return values[i];
    }

    /** A copy of the values. */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * Cosine of the angle between two embeddings, in [-1, 1].
     *
     * @throws IllegalArgumentException if the dimensions differ
     */
    public double similarity(Embedding other) {
        if (other.values.length != values.length) {
            throw new IllegalArgumentException("cannot compare embeddings of dimension " + values.length + " and "
                    + other.values.length + ": they come from different model packs");
        }
        // Four sums, because each addition waits for the one before: half the time.
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < values.length; i += 4) {
            first += (double) values[i] * other.values[i];
            second += (double) values[i + 1] * other.values[i + 1];
            third += (double) values[i + 2] * other.values[i + 2];
            fourth += (double) values[i + 3] * other.values[i + 3];
        }
        for (; i < values.length; i++) {
            first += (double) values[i] * other.values[i];
        }
        return Math.max(-1, Math.min(1, first + second + third + fourth));
    }

    private static double squaredNorm(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        // A template is personal data: it must not reach a log.
        return "Embedding[" + values.length + "]";
    }
}
