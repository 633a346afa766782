package paseo.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StillPicturesTest {
    private static final int POINTS = BrightnessPoints.ACROSS * BrightnessPoints.DOWN;

    private final StillPictures pictures = new StillPictures();
    private final byte[] room = new byte[POINTS];

    StillPicturesTest() {
        Arrays.fill(room, (byte) 100);
    }

    @Test
    void noiseIsNoMotionAndAPersonIs() {
        Random random = new Random(5);
        assertThat(pictures.still(room)).isFalse();
        for (int i = 0; i < 50; i++) {
            byte[] noisy = room.clone();
            for (int point = 0; point < POINTS; point++) {
                noisy[point] += (byte) (random.nextInt(9) - 4);
            }
            assertThat(pictures.still(noisy)).isTrue();
        }
        assertThat(pictures.still(with(40, 41, 42))).isFalse();
        assertThat(pictures.still(with(40, 41, 42))).as("stands there now").isTrue();
        assertThat(pictures.still(room)).as("is gone").isFalse();
    }

    @Test
    void whatMovesSlowlyHasMovedAtLast() {
        pictures.still(room);
        byte[] darker = room.clone();
        int moved = 0;
        for (int level = 99; level >= 60; level--) {
            Arrays.fill(darker, 0, 10, (byte) level);
            moved += pictures.still(darker.clone()) ? 0 : 1;
        }
        assertThat(moved).isEqualTo(40 / 9);
    }

    @Test
    void whatCannotBeReadIsNotStill() {
        pictures.still(room);
        assertThat(pictures.still(null)).isFalse();
        assertThat(pictures.still(null)).isFalse();
        assertThat(pictures.still(room)).isFalse();
        assertThat(pictures.still(room)).isTrue();
        pictures.forget();
        assertThat(pictures.still(room)).isFalse();
    }

    private byte[] with(int... points) {
        byte[] picture = room.clone();
        for (int point : points) {
            picture[point] = (byte) 200;
        }
        return picture;
    }
}
