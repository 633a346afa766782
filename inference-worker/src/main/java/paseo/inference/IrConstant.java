package paseo.inference;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Values of a constant. Whole numbers (shapes) fit a float exactly as far as networks have them. */
final class IrConstant {
    private final float[] values;
    private final long[] shape;

    IrConstant(float[] values, long[] shape) {
        this.values = values;
        this.shape = shape;
    }

    /** Row-major. */
    float[] values() {
        return values;
    }

    /** Dimensions. */
    long[] shape() {
        return shape;
    }

    static IrConstant ofFloats(FloatBuffer floats, long[] shape) {
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return new IrConstant(values, shape);
    }

    static IrConstant ofHalves(ShortBuffer halves, long[] shape) {
        float[] values = new float[halves.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = toFloat(halves.get(i));
        }
        return new IrConstant(values, shape);
    }

    static IrConstant ofLongs(LongBuffer longs, long[] shape) {
        float[] values = new float[longs.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = longs.get(i);
        }
        return new IrConstant(values, shape);
    }

    IrConstant transposed() {
        int rows = (int) shape[0];
        int columns = (int) shape[1];
        float[] turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return new IrConstant(turned, new long[] {columns, rows});
    }

    /** IEEE 754 binary16 to binary32, exact. */
    private static float toFloat(short half) {
        int sign = half < 0 ? -1 : 1;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0x1f) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        return exponent == 0
                ? sign * Math.scalb((float) fraction, -24)
                : sign * Math.scalb((float) (fraction | 0x400), exponent - 25);
    }
}
