package paseo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FairShareTest {
    private static final long SECOND = 1_000_000;
    private static final long LIFE = 2 * SECOND;
    private static final long LOOK = 215_000;

    /** A picture on its way; in the order of arrival. */
    private record Sent(String camera, long captureMicros) {}

    @Test
    void withoutItTheSameCamerasLose() {
        assertThat(spread(play(false, arrivals(6, SECOND, 60, 0)))).isGreaterThan(0.2);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 23: six cameras on a worker for four get the same within a tenth")
    void sixCamerasOnAWorkerForFourGetTheSameWithinATenth() {
        for (int seed = 0; seed < 20; seed++) {
            Map<String, Integer> looked = play(true, arrivals(6, SECOND, 60, seed));
            assertThat(spread(looked)).as("seed %d: %s", seed, looked).isLessThan(0.1);
        }
    }

    @Test
    void nothingIsLookedAtLessForIt() {
        List<Sent> sent = arrivals(6, SECOND, 60, 1);
        assertThat(sum(play(true, sent))).isGreaterThanOrEqualTo((int) (0.97 * sum(play(false, sent))));
    }

    @Test
    @Tag("fault")
    @DisplayName("row 23: a crowd on one camera takes nothing from the others")
    void aCrowdOnOneCameraTakesNothingFromTheOthers() {
        List<Sent> sent = new ArrayList<>(arrivals(3, SECOND, 60, 2));
        for (Sent picture : arrivals(1, SECOND / 10, 60, 3)) {
            sent.add(new Sent("crowd", picture.captureMicros()));
        }
        sent.sort(Comparator.comparingLong(Sent::captureMicros));
        Map<String, Integer> looked = play(true, sent);
        assertThat(looked.get("camera-0")).isGreaterThan(50);
        assertThat(looked.get("camera-1")).isGreaterThan(50);
        assertThat(looked.get("camera-2")).isGreaterThan(50);
        assertThat(sum(looked)).as("the crowd gets what is left").isGreaterThan((int) (0.9 * 60 * SECOND / LOOK));
    }

    @Test
    void whoIsLookedAtWithoutLossHoldsNobodyUp() {
        FairShare share = new FairShare();
        for (int second = 0; second < 10; second++) {
            long now = second * SECOND;
            assertThat(share.takes("often", 100_000, false, now)).isTrue();
            if (second % 4 == 0) {
                assertThat(share.takes("seldom", LIFE, false, now)).isTrue();
            }
        }
    }

    /** Its clock may be behind, or its way to Kafka long. */
    @Test
    void aCameraThatIsAlwaysTooLateDoesNotHoldTheOthersUp() {
        FairShare share = new FairShare();
        int taken = 0;
        for (int round = 0; round < 100; round++) {
            long now = round * SECOND;
            assertThat(share.takes("late", -1, true, now)).isFalse();
            taken += share.takes("door", SECOND, false, now) ? 1 : 0;
        }
        assertThat(taken).isGreaterThan(80);
        // Its clock is set.
        assertThat(share.takes("late", SECOND, false, 100 * SECOND)).isTrue();
        share.takes("late", -1, true, 100 * SECOND);
        assertThat(share.takes("door", SECOND, false, 100 * SECOND))
                .as("it can be helped")
                .isFalse();
    }

    @Test
    void aDebtIsBounded() {
        FairShare share = new FairShare();
        for (int i = 0; i < 1000; i++) {
            share.takes("often", LIFE, false, i);
            if (i % 500 == 0) {
                share.takes("seldom", LIFE, false, i);
            }
        }
        long now = 1000;
        share.takes("seldom", LIFE, true, now);
        int given = 0;
        while (!share.takes("often", 100_000, false, now)) {
            share.takes("seldom", LIFE, false, now);
            given++;
        }
        assertThat(given).isBetween(1, 4);
    }

    /** One thread that looks at what has arrived, in order, and always so long. */
    private static Map<String, Integer> play(boolean fair, List<Sent> sent) {
        FairShare share = new FairShare();
        Map<String, Integer> looked = new TreeMap<>();
        long now = 0;
        for (Sent picture : sent) {
            now = Math.max(now, picture.captureMicros());
            boolean stale = now + LOOK > picture.captureMicros() + LIFE;
            boolean takes =
                    fair ? share.takes(picture.camera(), picture.captureMicros() + LIFE - now, stale, now) : !stale;
            if (takes) {
                now += LOOK;
                looked.merge(picture.camera(), 1, Integer::sum);
            }
        }
        return looked;
    }

    /** Cameras with phases of their own that send at the same distance. */
    private static List<Sent> arrivals(int cameras, long distance, int seconds, int seed) {
        Random random = new Random(seed);
        List<Sent> sent = new ArrayList<>();
        for (int camera = 0; camera < cameras; camera++) {
            long phase = random.nextLong(distance);
            for (long at = phase; at < seconds * SECOND; at += distance) {
                sent.add(new Sent("camera-" + camera, at));
            }
        }
        sent.sort(Comparator.comparingLong(Sent::captureMicros));
        return sent;
    }

    /** How far the camera farthest from the mean is from it, as a share. */
    private static double spread(Map<String, Integer> looked) {
        double mean = sum(looked) / (double) looked.size();
        return looked.values().stream()
                .mapToDouble(count -> Math.abs(count - mean) / mean)
                .max()
                .orElse(1);
    }

    private static int sum(Map<String, Integer> looked) {
        return looked.values().stream().mapToInt(Integer::intValue).sum();
    }
}
