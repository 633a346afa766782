package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import paseo.evaluation.scenes.FaceArchive;
import paseo.evaluation.scenes.Photographs;
import paseo.evaluation.scenes.Photographs.Photograph;

class PeopleTest {
    @TempDir
    private Path directory;

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
    void anArchiveOfPeopleToFitOnIsNothingToMeasure() throws IOException {
        String[] names = IntStream.range(0, 60)
                .mapToObj(i -> "p" + i)
                .filter(People::fitted)
                .map(person -> person + "/1.jpg")
                .toArray(String[]::new);
        Path tar = FaceArchive.of(directory.resolve("few.tar"), names);

        assertThatThrownBy(() -> People.toMeasure(tar))
                .isInstanceOf(IOException.class)
                .hasMessage(names.length + " people in " + tar
                        + ", all of them are kept for calibration: take an archive with more people");
        assertThatThrownBy(() -> People.toFit(tar))
                .isInstanceOf(IOException.class)
                .hasMessage(names.length + " people in " + tar + ", " + names.length
                        + " of them are kept for calibration, which needs 150: take an archive with more people");
    }

    @Test
    void anArchiveIsSplitAsItsPeopleAre() throws IOException {
        Path tar = FaceArchive.of(directory.resolve("some.tar"), "p1/1.jpg", "p2/1.jpg", "p3/1.jpg", "p4/1.jpg");

        assertThat(People.toMeasure(tar)).isEqualTo(People.toMeasure(Photographs.read(tar)));
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
