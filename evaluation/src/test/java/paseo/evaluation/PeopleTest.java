package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.evaluation.scenes.Photographs.Photograph;

class PeopleTest {
    @Test
    void whoIsFittedOnIsNeverMeasured() {
        List<Photograph> photographs = IntStream.range(0, 2_000)
                .mapToObj(i -> new Photograph(
                        String.format(Locale.ROOT, "p%04d", i / 2), i % 2 + ".jpg", ByteBuffer.allocate(0)))
                .toList();

        List<String> fitted =
                People.toFit(photographs).stream().map(Photograph::person).toList();
        List<String> measured =
                People.toMeasure(photographs).stream().map(Photograph::person).toList();

        assertThat(measured).doesNotContainAnyElementsOf(fitted);
        assertThat(fitted.size() + measured.size()).isEqualTo(photographs.size());
        assertThat(fitted).hasSizeBetween(320, 480);
    }

    @Test
    void everyRoundShowsEverybodyOnce() {
        List<Photograph> photographs = List.of(photograph("a", "1"), photograph("a", "2"), photograph("b", "1"));

        assertThat(People.ofRound(photographs, 0)).containsExactly(photographs.get(0), photographs.get(2));
        assertThat(People.ofRound(photographs, 1)).containsExactly(photographs.get(1), photographs.get(2));
        assertThat(People.ofRound(photographs, 2)).containsExactly(photographs.get(0), photographs.get(2));
    }

    private static Photograph photograph(String person, String name) {
        return new Photograph(person, name, ByteBuffer.allocate(0));
    }
}
