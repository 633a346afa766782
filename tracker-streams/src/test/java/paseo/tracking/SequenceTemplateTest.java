package paseo.tracking;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import paseo.events.Box;
import paseo.events.Embedding;
import paseo.events.Face;
import paseo.events.Pose;
import paseo.events.Template;

class SequenceTemplateTest {
    private static final Box BOX = new Box(10, 10, 40, 48);
    private static final TemplateParameters STANDARD = TemplateParameters.standard();

    private record Shot(long frame, long time, Face face) {}

    @Test
    void hasNoTemplateWithoutAFace() {
        assertThat(new SequenceTemplate().template()).isNull();
    }

    @Test
    void refusesAFaceThatIsNotUsable() {
        assertThatThrownBy(() -> new SequenceTemplate().add(0, 0, 0, Scenes.unusable(BOX, 0.9f)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TOO_SMALL");
    }

    @Test
    void addsUpToAMean() {
        List<Shot> shots = walk(3, 20);
        Template template = template(shots);
        double[] sum = new double[Scenes.DIMENSION];
        double weight = 0;
        for (Shot shot : shots) {
            weight += shot.face.quality();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += shot.face.quality()
                        * (double) requireNonNull(shot.face.embedding()).get(i);
            }
        }
        assertThat(template.faceCount()).isEqualTo(20);
        assertThat(template.weight()).isCloseTo(weight, within(1e-6));
        for (int i = 0; i < sum.length; i++) {
            assertThat(template.centre().get(i) * template.concentration() * template.weight())
                    .isCloseTo(sum[i], within(1e-5));
        }
    }

    @Test
    void isRobustToAWrongFace() {
        for (int seed = 0; seed < 50; seed++) {
            List<Shot> right = walk(seed, 3 + seed % 10);
            List<Shot> mixed = new ArrayList<>(right);
            Face wrong = Scenes.usable(BOX, Scenes.person(1_000 + seed), 1, new Pose(0, 0, 0));
            mixed.add(new Shot(500, 9_000_000, wrong));
            Template template = template(mixed);
            assertThat(template.faceCount()).isEqualTo(right.size());
            assertThat(template.centre()).isEqualTo(template(right).centre());
            assertThat(template.prototypes()).noneMatch(prototype -> prototype.frame() == 500);
        }
    }

    @Test
    void isTheSameWhateverTheOrder() {
        for (int seed = 0; seed < 20; seed++) {
            List<Shot> shots = walk(seed, 300);
            Template inOrder = template(shots);
            Collections.shuffle(shots, new Random(seed));
            assertThat(template(shots)).isEqualTo(inOrder);
        }
    }

    @Test
    void keepsFewFacesAndFewerCrops() {
        SequenceTemplate template = new SequenceTemplate();
        walk(1, 3_000).forEach(shot -> template.add(shot.frame, 0, shot.time, shot.face));
        assertThat(template.faces()).hasSizeLessThanOrEqualTo(STANDARD.mostFaces() + 5);
        assertThat(template.faces().stream().filter(face -> face.crop() != null))
                .hasSizeLessThanOrEqualTo(2 * STANDARD.mostPrototypes());
    }

    @Test
    void showsTheBestOfDifferentViewsAndTimes() {
        Template template = template(walk(5, 500));
        assertThat(template.prototypes()).hasSize(5);
        assertThat(template.prototypes())
                .extracting(prototype -> -prototype.quality())
                .isSorted();
        assertThat(template.prototypes())
                .extracting(prototype -> KeptFace.View.of(prototype.pose()))
                .contains(KeptFace.View.FRONTAL, KeptFace.View.LEFT, KeptFace.View.RIGHT);
    }

    @Test
    void standsForThePersonBetterThanAnyFaceDoes() {
        float[] person = Scenes.person(5);
        List<Shot> shots = walk(5, 60);
        double ofTemplate = template(shots).centre().similarity(Embedding.normalised(person));
        assertThat(shots)
                .allSatisfy(shot -> assertThat(
                                requireNonNull(shot.face.embedding()).similarity(Embedding.normalised(person)))
                        .isLessThan(ofTemplate));
    }

    @Test
    void canBeMadeWithoutEachOfItsParts() {
        List<Shot> shots = walk(8, 30);
        shots.add(new Shot(500, 9_000_000, Scenes.usable(BOX, Scenes.person(1_008), 1, new Pose(0, 0, 0))));
        assertThat(template(shots, STANDARD.withOutlierLimit(Double.POSITIVE_INFINITY)))
                .satisfies(all -> assertThat(all.faceCount()).isEqualTo(31));
        assertThat(template(shots, STANDARD.withWeightExponent(0)))
                .satisfies(plain -> assertThat(plain.weight()).isEqualTo(30));
        assertThat(template(shots, STANDARD.withWeightExponent(2)).weight())
                .isLessThan(template(shots).weight());
        assertThat(template(shots, STANDARD.withMost(1, 0))).satisfies(best -> {
            assertThat(best.faceCount()).isOne();
            assertThat(best.prototypes()).isEmpty();
        });
    }

    @Test
    void refusesMorePrototypesThanTheContractHolds() {
        assertThatThrownBy(() -> STANDARD.withMost(48, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 5");
    }

    private static Template template(List<Shot> shots) {
        return template(shots, STANDARD);
    }

    private static Template template(List<Shot> shots, TemplateParameters parameters) {
        SequenceTemplate template = new SequenceTemplate(parameters);
        shots.forEach(shot -> template.add(shot.frame, 0, shot.time, shot.face));
        return requireNonNull(template.template());
    }

    private static List<Shot> walk(long seed, int faces) {
        Random random = new Random(seed);
        float[] person = Scenes.person(seed);
        List<Shot> shots = new ArrayList<>();
        for (int i = 0; i < faces; i++) {
            Pose pose = new Pose((float) random.nextGaussian() * 25, (float) random.nextGaussian() * 12, 0);
            float quality = 0.3f + 0.7f * random.nextFloat();
            shots.add(new Shot(i, i * 100_000L, Scenes.usable(BOX, Scenes.face(person, 0.6, random), quality, pose)));
        }
        return shots;
    }
}
