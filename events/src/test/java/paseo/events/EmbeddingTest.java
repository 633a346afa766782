package paseo.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest {
    @Test
    void isAUnitVector() {
        Embedding embedding = Embedding.normalised(new float[] {3, 4});
        assertThat(embedding.toArray()).containsExactly(0.6f, 0.8f);
        assertThat(embedding.similarity(embedding)).isCloseTo(1, within(1e-7));
        assertThat(embedding.similarity(Embedding.normalised(new float[] {-4, 3})))
                .isCloseTo(0, within(1e-7));
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesVectorsWithoutDirection(float value) {
        assertThatThrownBy(() -> Embedding.normalised(new float[] {value, value}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToCompareAcrossModelPacks() {
        Embedding two = Embedding.normalised(new float[] {1, 0});
        Embedding three = Embedding.normalised(new float[] {1, 0, 0});
        assertThatThrownBy(() -> two.similarity(three)).hasMessageContaining("different model packs");
    }

    @Test
    void keepsItsValuesOutOfLogs() {
        assertThat(Embedding.normalised(new float[] {3, 4})).hasToString("Embedding[2]");
    }
}
