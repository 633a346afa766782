package paseo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import paseo.evaluation.methods.FaceSequence;
import paseo.evaluation.methods.Sequences;
import paseo.evaluation.scoring.Estimate;

class GalleryStudyTest {
    private static final int DIMENSION = 32;
    private static final int PEOPLE = 400;

    @Test
    void thresholdsOfTheGallerysSizeHoldAndAFixedOneDoesNot() {
        List<GalleryStudy.Size> sizes = study().sizes(List.of(30, 5_000));

        assertThat(sizes).extracting(GalleryStudy.Size::persons).containsExactly(30, PEOPLE - 1);
        assertThat(sizes).allSatisfy(size -> {
            assertThat(size.fpir().value()).isBetween(0.002, 0.03);
            assertThat(size.fnir()).isInstanceOf(Estimate.Known.class);
        });
        GalleryStudy.Size all = sizes.get(1);
        assertThat(all.threshold()).isGreaterThan(sizes.get(0).threshold());
        assertThat(all.fixedFpir().value()).isGreaterThan(2 * all.fpir().value());
    }

    @Test
    void everyMethodIsComparedOnTheSameSequences() {
        GalleryStudy study = study();
        Map<String, Estimate> rates = study.fnir(study.baselines());

        assertThat(rates).containsOnlyKeys("any_face", "first_face", "best_face", "mean", "article", "ours");
        assertThat(value(rates, "ours")).isLessThan(value(rates, "first_face"));
        assertThat(study.ratios(study.baselines()))
                .containsOnlyKeys("any_face", "first_face", "best_face", "mean", "article");
        assertThat(study.fnir(study.ablations())).containsKeys("ours", "without_cohort", "plain_mean");
    }

    @Test
    void nobodyIsNoGallery() {
        GalleryStudy empty = new GalleryStudy(
                new SoloWalks.Seen(List.of(), List.of(), 0),
                CalibrationFit.fit("test", "test@1", "made up", List.of(people(0, PEOPLE, 0))),
                1);

        assertThat(empty.sizes(List.of(10))).isEmpty();
    }

    private static double value(Map<String, Estimate> rates, String method) {
        return Objects.requireNonNull(rates.get(method)).value();
    }

    private static GalleryStudy study() {
        return new GalleryStudy(
                new SoloWalks.Seen(people(50_000, PEOPLE, 0), people(50_000, PEOPLE / 2, 1), PEOPLE + PEOPLE / 2),
                CalibrationFit.fit("test", "test@1", "made up", List.of(people(0, PEOPLE, 0))),
                1);
    }

    private static List<FaceSequence> people(int from, int count, int appearance) {
        return IntStream.range(from, from + count)
                .mapToObj(person -> Sequences.seen(person, appearance, DIMENSION))
                .toList();
    }
}
