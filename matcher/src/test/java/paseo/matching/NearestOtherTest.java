package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;

class NearestOtherTest {
    private static final NearestOther.Centre FIRST = centre(1, 7, 1, 0);
    private static final NearestOther.Centre SECOND = centre(2, 7, 0.9f, 0.1f);
    private static final NearestOther.Centre STRANGER = centre(3, 8, 0, 1);

    @Test
    void whoeverIsNearestTellsWhetherAPersonIsFoundAgain() {
        assertThat(kept(List.of(FIRST, SECOND, STRANGER), List.of(FIRST, SECOND, STRANGER)))
                .isEqualTo(2);
        NearestOther.Centre between = centre(4, 8, 0.95f, 0.05f);
        assertThat(kept(List.of(FIRST, SECOND), List.of(FIRST, SECOND, STRANGER, between)))
                .as("somebody else is between the two")
                .isZero();
    }

    @Test
    void nobodyIsFoundWhereThereIsNobodyElse() {
        assertThat(kept(List.of(FIRST), List.of(FIRST))).isZero();
    }

    @Test
    void ofEquallySimilarOnesTheLowerNumberCountsWhateverTheOrder() {
        NearestOther.Centre twin = centre(5, 8, 1, 0);
        NearestOther.Centre own = centre(6, 7, 1, 0);
        assertThat(kept(List.of(FIRST), List.of(twin, own))).isZero();
        assertThat(kept(List.of(FIRST), List.of(own, twin))).isZero();
    }

    @Test
    void theOrderMeansNothing() {
        List<NearestOther.Centre> all = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            all.add(centre(i, i / 4, (float) random.nextGaussian(), (float) random.nextGaussian()));
        }
        int kept = kept(all, all);
        List<NearestOther.Centre> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        assertThat(kept(shuffled, shuffled)).isEqualTo(kept);
        assertThat(kept).as("some are, some are not").isBetween(1, 199);
    }

    private static int kept(List<NearestOther.Centre> probes, List<NearestOther.Centre> others) {
        NearestOther nearest = new NearestOther();
        probes.forEach(nearest::probe);
        others.forEach(nearest::compare);
        return nearest.kept();
    }

    private static NearestOther.Centre centre(long no, long person, float x, float y) {
        return new NearestOther.Centre(no, person, Embedding.normalised(new float[] {x, y}));
    }
}
