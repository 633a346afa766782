package paseo.frames;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
    private static final int ONE = 1 << 16;

    /** The plane AB / CD / EF, turned by the matrix a b c d. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, ABCDEF",
        "0, 1, -1, 0, ECAFDB",
        "-1, 0, 0, -1, FEDCBA",
        "0, -1, 1, 0, BDFACE",
        "-1, 0, 0, 1, BADCFE",
        "1, 0, 0, -1, EFCDAB",
        "0, 1, 1, 0, ACEBDF",
        "0, -1, -1, 0, FDBECA"
    })
    void turnsAPlane(int a, int b, int c, int d, String upright) {
        Orientation orientation = Orientation.of(a * ONE, b * ONE, c * ONE, d * ONE);

        assertThat(new String(orientation.apply("ABCDEF".getBytes(US_ASCII), 2, 3, 1), US_ASCII))
                .isEqualTo(upright);
        assertThat(orientation.width(2, 3)).isEqualTo(b == 0 ? 2 : 3);
    }

    @Test
    void turnsLargePlanesOfPixels() {
        int width = 100;
        int height = 70;
        byte[] stored = new byte[width * height * 3];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (byte) (i * 31);
        }
        Orientation quarter = new Orientation(true, true, false);
        byte[] turned = stored;
        int w = width;
        int h = height;
        for (int turn = 0; turn < 4; turn++) {
            turned = quarter.apply(turned, w, h, 3);
            int other = w;
            w = h;
            h = other;
        }
        assertThat(turned).isEqualTo(stored);
    }
}
