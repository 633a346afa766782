package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class HalvesTest {
    @Test
    void halvesAreThoseOfTheStandard() {
        assertThat(half(0)).isZero();
        assertThat(half(1)).isEqualTo(0x3c00);
        assertThat(half(-1)).isEqualTo(0xbc00);
        assertThat(half(-0.5f)).isEqualTo(0xb800);
        assertThat(half(1f / 3)).isEqualTo(0x3555);
        // The least normal one, the greatest below it, and the least of all.
        assertThat(half(0x1p-14f)).isEqualTo(0x0400);
        assertThat(half(0x1p-14f - 0x1p-24f)).isEqualTo(0x03ff);
        assertThat(half(0x1p-24f)).isEqualTo(0x0001);
        // Halfway: to the even one, also from one exponent to the next.
        assertThat(half(1 - 0x1p-12f)).isEqualTo(0x3c00);
        assertThat(half(0.5f + 0x1p-12f)).isEqualTo(0x3800);
        assertThat(half(0.5f + 3 * 0x1p-12f)).isEqualTo(0x3802);
        assertThat(half(0x1p-25f)).isZero();
        assertThat(half(3 * 0x1p-25f)).isEqualTo(0x0002);
    }

    private static int half(float value) {
        return Short.toUnsignedInt(Halves.half(value));
    }

    @Test
    void textIsReadAsTheSameHalves() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            float[] values = new float[16];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (random.nextGaussian() * Math.pow(10, -random.nextInt(7)));
            }
            Halves halves = Halves.of(Embedding.normalised(values));
            float[] read = Vectors.parse(halves.text());
            ByteBuffer bytes = ByteBuffer.allocate(2 * read.length);
            halves.write(bytes);
            bytes.flip();
            for (float value : read) {
                assertThat(Halves.half(value)).isEqualTo(bytes.getShort());
            }
        }
    }
}
