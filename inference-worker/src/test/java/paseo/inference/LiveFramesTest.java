package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import paseo.events.Image;

class LiveFramesTest {
    private static final TopicPartition CAMERA = new TopicPartition("frames", 0);
    private static final TopicPartition FILE = new TopicPartition("frames", 3);
    private static final long SECOND = 1_000_000;

    @Test
    void aFilesPictureIsNeverStale() {
        Freshness freshness = new Freshness();
        freshness.took(1, 60_000_000_000L);
        assertThat(freshness.stale(staleAfter(0), 100, Long.MAX_VALUE / 2)).isFalse();
    }

    @Test
    void aLivePictureIsStaleWhenItsFacesWouldComeTooLate() {
        Freshness freshness = new Freshness();
        Image image = staleAfter(10 * SECOND);
        assertThat(freshness.stale(image, 0, 10 * SECOND - 200_000))
                .as("the first one takes long")
                .isTrue();
        for (int i = 0; i < 100; i++) {
            freshness.took(4, 400_000_000);
        }
        assertThat(freshness.stale(image, 0, 10 * SECOND - 101_000)).isFalse();
        assertThat(freshness.stale(image, 1, 10 * SECOND - 101_000)).isTrue();
        freshness.took(1, 200_000_000);
        assertThat(freshness.stale(image, 0, 10 * SECOND - 101_000))
                .as("slower at once")
                .isTrue();
        for (int i = 0; i < 100; i++) {
            freshness.took(1, 99_000_000);
        }
        assertThat(freshness.picturesIn(350_000, 1)).isEqualTo(3);
        assertThat(freshness.picturesIn(1, 1)).isEqualTo(1);
        assertThat(freshness.picturesIn(1, 2)).as("one for each thread").isEqualTo(2);
    }

    @Test
    void oneSlowPictureDoesNotEndAllLooking() {
        Freshness freshness = new Freshness();
        freshness.took(1, 60_000_000_000L);
        int refused = 0;
        for (int picture = 0; picture < 100; picture++) {
            if (freshness.stale(staleAfter(10 * SECOND), 0, 8 * SECOND)) {
                refused++;
            } else {
                freshness.took(1, 50_000_000);
            }
        }
        assertThat(refused).isBetween(1, 10);
    }

    /** The worker's clock is a second and a half ahead of the cameras', whose pictures live for two. */
    @Test
    void aClockThatIsAheadDoesNotEndAllLooking() {
        Freshness freshness = new Freshness();
        freshness.took(1, 3_000_000_000L);
        int looked = 0;
        for (int picture = 0; picture < 250; picture++) {
            long now = picture * SECOND / 25;
            if (!freshness.stale(staleAfter(now + SECOND / 2), 0, now)) {
                looked++;
                freshness.took(1, 50_000_000);
            }
        }
        assertThat(looked).as("of those after five seconds").isBetween(110, 125);
    }

    @Test
    void whatHasWaitedInAQueueSaysNothingOfHowLongPicturesTake() {
        Freshness freshness = new Freshness();
        freshness.took(1, 400_000_000);
        for (int picture = 0; picture < 100; picture++) {
            assertThat(freshness.stale(staleAfter(10 * SECOND), 0, 10 * SECOND - 90_000))
                    .isTrue();
        }
        assertThat(freshness.stale(staleAfter(10 * SECOND), 0, 10 * SECOND - 300_000))
                .isTrue();
    }

    @Test
    void whatIsReallyTooOldSaysNothingOfHowLongPicturesTake() {
        Freshness freshness = new Freshness();
        freshness.took(1, 400_000_000);
        for (int picture = 0; picture < 100; picture++) {
            assertThat(freshness.stale(staleAfter(10 * SECOND), 0, 11 * SECOND)).isTrue();
        }
        assertThat(freshness.stale(staleAfter(10 * SECOND), 0, 10 * SECOND - 300_000))
                .isTrue();
    }

    @Test
    void filesWaitWhileLivePicturesGrowOldButGetATurnEverySecond() {
        LiveFirst first = new LiveFirst();
        first.sees(FILE, false, 0, 0);
        assertThat(first.waiting(0)).isEmpty();
        first.sees(CAMERA, true, SECOND, 100);
        assertThat(first.waiting(100)).containsExactly(FILE);
        first.sees(CAMERA, true, 3 * SECOND / 2, SECOND / 2);
        assertThat(first.waiting(SECOND / 2)).containsExactly(FILE);
        first.sees(CAMERA, true, SECOND, SECOND);
        assertThat(first.waiting(SECOND)).as("a turn").isEmpty();
        first.sees(CAMERA, true, 2 * SECOND, 2 * SECOND);
        assertThat(first.waiting(2 * SECOND)).as("nothing has waited").isEmpty();
    }

    @Test
    void aFileOnACamerasPartitionDoesNotHaveTheCameraWait() {
        LiveFirst first = new LiveFirst();
        assertThat(first.waiting(0)).isEmpty();
        first.sees(CAMERA, true, SECOND, 100);
        first.sees(CAMERA, false, 0, 200);
        first.sees(FILE, false, 0, 300);
        assertThat(first.waiting(300)).containsExactly(FILE);
        long later = 6 * SECOND;
        assertThat(first.waiting(later)).isEmpty();
        first.sees(FILE, true, SECOND, later);
        first.sees(CAMERA, false, 0, later);
        assertThat(first.waiting(later)).as("the camera is gone").containsExactly(CAMERA);
    }

    private static Image staleAfter(long micros) {
        return new Image(ByteBuffer.allocate(1), 10, 10, 10, 10, micros, 0, false);
    }
}
