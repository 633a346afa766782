package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import paseo.events.Embedding;
import paseo.events.Pose;
import paseo.events.Template;

class SimilarityTest {
    @Test
    void isTheMeanOfCentresAndBestPrototypes() {
        Template a = template(at(0), at(10), at(80));
        Template b = template(at(60), at(20), at(180));

        assertThat(Similarity.between(a, b))
                .isCloseTo((Math.cos(Math.toRadians(60)) + Math.cos(Math.toRadians(10))) / 2, within(1e-6));
        assertThat(Similarity.between(b, a)).isEqualTo(Similarity.between(a, b));
    }

    @Test
    void withoutPrototypesCentresDecide() {
        Template none = template(at(0));

        assertThat(Similarity.between(none, template(at(60)))).isCloseTo(0.5, within(1e-6));
        assertThat(Similarity.between(none, template(at(60), at(0)))).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void severalSequencesCountTogetherNotTheNearestOfThem() {
        List<Embedding> person = List.of(at(50), at(70), at(90));

        assertThat(Similarity.ofCentres(List.of(at(40)), person))
                .isCloseTo(Math.cos(Math.toRadians(30)), within(1e-6))
                .isEqualTo(Similarity.ofCentres(person, List.of(at(40))));
        assertThat(Similarity.ofCentres(List.of(at(0)), List.of(at(60)))).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void sequencesThatCancelOutAreLikeNobody() {
        assertThat(Similarity.ofCentres(List.of(at(0)), List.of(at(0), at(180))))
                .isZero();
    }

    @Test
    void packsOfDifferentDimensionsAreNotCompared() {
        Template other = template(Embedding.normalised(new float[] {1, 2, 3}));
        assertThatThrownBy(() -> Similarity.between(template(at(0)), other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Embedding at(double degrees) {
        double angle = Math.toRadians(degrees);
        return Embedding.normalised(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
    }

    private static Template template(Embedding centre, Embedding... prototypes) {
        List<Template.Prototype> faces = Arrays.stream(prototypes)
                .map(embedding ->
                        new Template.Prototype(0, 0, 0, 1, new Pose(0, 0, 0), embedding, ByteBuffer.allocate(0)))
                .toList();
        return new Template(centre, 1, 1, 1, faces);
    }
}
