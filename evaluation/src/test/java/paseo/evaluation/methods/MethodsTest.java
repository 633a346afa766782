package paseo.evaluation.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import paseo.events.Template;
import paseo.matching.Similarity;
import paseo.tracking.TemplateParameters;

class MethodsTest {
    private static final FaceSequence PROBE =
            Sequences.of("a", "1", new double[] {0.3, 0.9}, new float[] {1, 0, 0}, new float[] {0, 1, 0});
    private static final FaceSequence STORED =
            Sequences.of("a", "2", new double[] {0.8, 0.5}, new float[] {0, 0.6f, 0.8f}, new float[] {1, 0, 0});

    @Test
    void theFirstFaceIsTheFirst() {
        assertThat(similarity(VectorMethod.FIRST_FACE)).isCloseTo(0, within(1e-6));
    }

    @Test
    void theBestFaceIsThatOfTheBestQuality() {
        assertThat(similarity(VectorMethod.BEST_FACE)).isCloseTo(0.6, within(1e-6));
    }

    @Test
    void theMeanCountsAllFacesTheSame() {
        double expected = (1 + 0.6) / Math.sqrt(2) / Math.sqrt(2);

        assertThat(similarity(VectorMethod.MEAN)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void anyFaceTakesTheNearestPair() {
        assertThat(similarity(new AnyFace())).isCloseTo(1, within(1e-6));
    }

    @Test
    void theArticleComparesNoFewerThanFiveFaces() {
        ArticleSilhouette article = new ArticleSilhouette();
        FaceSequence own = Sequences.seen(1, 0, 64);
        FaceSequence four = new FaceSequence("four", "1", own.faces().subList(0, 4));
        FaceSequence five = new FaceSequence("five", "1", own.faces().subList(0, 5));
        assertThat(similarity(article, own, four)).isLessThan(similarity(article, own, Sequences.seen(2, 0, 64)));
        assertThat(similarity(article, own, five)).isGreaterThan(similarity(article, own, Sequences.seen(2, 0, 64)));
    }

    @Test
    void theArticlesClustersOfOnePersonStandApartLess() {
        ArticleSilhouette article = new ArticleSilhouette();
        FaceSequence own = Sequences.seen(1, 0, 64);
        double same = similarity(article, own, Sequences.seen(1, 1, 64));
        double different = similarity(article, own, Sequences.seen(2, 0, 64));

        assertThat(same).isGreaterThan(different + 0.1);
        assertThat(different).isBetween(0.0, 1.0);
    }

    @Test
    void oursIsTheMatchersSimilarity() {
        TemplateMethod ours = new TemplateMethod("ours", TemplateParameters.standard(), Optional.empty());
        FaceSequence one = Sequences.seen(3, 0, 64);
        FaceSequence other = Sequences.seen(3, 1, 64);
        Template template = other.template(TemplateParameters.standard());

        assertThat(similarity(ours, one, other))
                .isCloseTo(Similarity.between(one.template(TemplateParameters.standard()), template), within(1e-6));
    }

    @Test
    void aPersonIsAsNearAsTheNearestSequence() {
        FaceSequence far = Sequences.of("a", "3", new double[] {1}, new float[] {0, 0, 1});

        assertThat(VectorMethod.MEAN.similarity(
                        VectorMethod.MEAN.represent(PROBE),
                        List.of(VectorMethod.MEAN.represent(far), VectorMethod.MEAN.represent(STORED))))
                .isEqualTo(similarity(VectorMethod.MEAN));
    }

    @Test
    void aSequenceHasAFace() {
        assertThatThrownBy(() -> new FaceSequence("1", "a", List.of())).hasMessageContaining("no usable face");
    }

    private static double similarity(Method<?> method) {
        return similarity(method, PROBE, STORED);
    }

    private static <T> double similarity(Method<T> method, FaceSequence probe, FaceSequence stored) {
        return method.similarity(method.represent(probe), List.of(method.represent(stored)));
    }
}
