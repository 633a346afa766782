package paseo.matching.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import paseo.events.FrameReference;

class LivePicturesTest {
    private long now = 7;
    private int number;
    private final LivePictures pictures = new LivePictures(Optional.empty(), () -> now);

    @AfterEach
    void close() {
        pictures.close();
    }

    private void come(String camera, int count) {
        for (int i = 0; i < count; i++) {
            FrameReference frame = new FrameReference(camera, 1, number++, 0, 0);
            pictures.keep(new LivePictures.Picture(ByteBuffer.allocate(1), frame, 640, 480, now));
        }
    }

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void onlyPicturesOfCamerasThatSomebodyAsksForAreKept() {
        assertThat(pictures.of("gate")).isEmpty();
        come("gate", 3);
        come("yard", 3);
        assertThat(pictures.of("gate"))
                .extracting(picture -> picture.frame().number())
                .containsExactly(2L, 1L, 0L);
        assertThat(pictures.of("yard")).isEmpty();
        assertThat(pictures.size()).isEqualTo(3);
        come("yard", 200);
        assertThat(pictures.size()).as("of each the latest").isLessThan(50);
    }

    @Test
    void aCameraThatNobodyAsksForAnyMoreIsForgotten() {
        pictures.of("gate");
        come("gate", 30);
        pass(7);
        pictures.of("yard");
        assertThat(pictures.size()).isEqualTo(30);
        pass(2);
        pictures.of("yard");
        assertThat(pictures.size()).isZero();
        come("gate", 1);
        assertThat(pictures.size()).isZero();
    }

    @Test
    void picturesOfACameraThatSendsNoneAnyMoreAreForgotten() {
        pictures.of("gate");
        come("gate", 30);
        pass(6);
        assertThat(pictures.of("gate")).hasSize(30);
        pass(6);
        assertThat(pictures.of("gate")).isEmpty();
        assertThat(pictures.size()).isZero();
    }
}
